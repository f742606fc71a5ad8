/* SPDX-License-Identifier: MIT
 *
 * Reading a flow row by field: one reader a type, chosen by table.
 */
#include "flow/rows/field.h"

#include <assert.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/rows/socket_row.h"

#define X(path, leaf, member, kind, columns, label, sentence)                              \
	{.name = path leaf,                                                                           \
	 .title = label,                                                                              \
	 .help = sentence,                                                                            \
	 .offset = offsetof(struct flow_row, member),                                                 \
	 .type = FIELD_##kind,                                                                        \
	 .width = columns},
#define FACT(id, path, is_several, sentence)                                                       \
	{.name = path,                                                                                \
	 .title = #id,                                                                                \
	 .help = sentence,                                                                            \
	 .offset = offsetof(struct flow_row, fact[FACT_##id]),                                        \
	 .type = is_several ? FIELD_LIST : FIELD_FACT,                                                \
	 .width = 16},
static const struct field table[] = {FIELD_ROWS(X) FACT_ROWS(FACT)};
#undef FACT
#undef X

enum { FIELD_COUNT = sizeof(table) / sizeof(table[0]) };
_Static_assert(sizeof(struct flow_row) <= UINT16_MAX, "field offsets are 16 bits");
_Static_assert(!offsetof(struct flow_row, id) && !offsetof(struct socket_row, id) &&
		       !offsetof(struct usage_row, id),
	       "rows begin with their ids");

const struct field *fields(unsigned *count)
{
	*count = FIELD_COUNT;
	return table;
}

static bool same_name(const char *dotted, const char *name)
{
	while (*dotted && (*dotted == *name || (*dotted == '.' && *name == '_'))) {
		dotted++;
		name++;
	}
	return *dotted == *name;
}

const struct field *field_among(const struct field *rows, unsigned count, const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (same_name(rows[i].name, name))
			return &rows[i];
	return NULL;
}

const struct field *field_find(const char *name)
{
	return field_among(table, FIELD_COUNT, name);
}

/* --- as integers ------------------------------------------------------------------------------ */

static int64_t int_of_i64(const void *at, const struct flow_row *row)
{
	int64_t v;

	(void)row;
	memcpy(&v, at, sizeof(v));
	return v;
}

static int64_t int_of_u8(const void *at, const struct flow_row *row)
{
	(void)row;
	return *(const uint8_t *)at;
}

static int64_t int_of_u8_not_zero(const void *at, const struct flow_row *row)
{
	int64_t v = int_of_u8(at, row);

	return v ? v : ROW_ABSENT;
}

static int64_t int_of_text(const void *at, const struct flow_row *row)
{
	(void)row;
	return *(const char *)at ? 0 : ROW_ABSENT;
}

static int64_t int_of_fact(const void *at, const struct flow_row *row)
{
	(void)row;
	return *(const uint16_t *)at ? 0 : ROW_ABSENT;
}

static int64_t int_of_addr(const void *at, const struct flow_row *row)
{
	(void)at;
	(void)row;
	return 0;
}

static int64_t int_of_vlans(const void *at, const struct flow_row *row)
{
	(void)at;
	return row->vlan_count ? row->vlan[0] : ROW_ABSENT;
}

static int64_t int_of_tunnels(const void *at, const struct flow_row *row)
{
	const struct tunnel *t = row->tunnel;

	(void)at;
	return row->tunnel_count ? (int64_t)t->kind << 32 | t->id : ROW_ABSENT;
}

static int64_t int_of_owners(const void *at, const struct flow_row *row)
{
	const struct owner_rows *owners = at;

	(void)row;
	return owners->count ? owners->count : ROW_ABSENT;
}

/* --- as text: into out[FIELD_TEXT_MAX], NUL-terminated ---------------------------------------- */

static size_t put_text(char *out, const char *text)
{
	size_t n = strnlen(text, FIELD_TEXT_MAX - 1);

	memcpy(out, text, n);
	out[n] = '\0';
	return n;
}

static size_t put_i64(char *out, int64_t v)
{
	if (v >= 0)
		return fmt_u64(out, (uint64_t)v);
	*out = '-';
	return 1 + fmt_u64(out + 1, 0 - (uint64_t)v); /* INT64_MIN has no positive twin */
}

static size_t text_of_i64(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)human;
	return put_i64(out, int_of_i64(at, row));
}

static size_t text_of_bytes(char *out, const void *at, const struct flow_row *row, bool human)
{
	int64_t v = int_of_i64(at, row);

	return human && v >= 0 ? fmt_bytes(out, (uint64_t)v) : put_i64(out, v);
}

static size_t text_of_bitrate(char *out, const void *at, const struct flow_row *row, bool human)
{
	int64_t v = int_of_i64(at, row);

	return human && v >= 0 ? fmt_rate(out, (uint64_t)v) : put_i64(out, v);
}

static size_t text_of_duration(char *out, const void *at, const struct flow_row *row, bool human)
{
	int64_t v = int_of_i64(at, row);

	return human && v >= 0 ? fmt_duration(out, v) : put_i64(out, v);
}

static size_t text_of_time(char *out, const void *at, const struct flow_row *row, bool human)
{
	int64_t v = int_of_i64(at, row);

	return human ? fmt_time_of_day(out, v) : fmt_time_rfc3339(out, v);
}

static size_t text_of_text(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)row;
	(void)human;
	return put_text(out, at);
}

static size_t text_of_fact(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)human;
	return put_text(out, row->texts + *(const uint16_t *)at);
}

static size_t text_of_list(char *out, const void *at, const struct flow_row *row, bool human)
{
	size_t n = text_of_fact(out, at, row, human);

	for (char *c = out; (c = strchr(c, FIELD_LIST_SEPARATOR));)
		*c = ' ';
	return n;
}

static size_t text_of_addr(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)row;
	(void)human;
	return addr_format(out, at);
}

static size_t text_of_u8(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)human;
	return fmt_u64(out, (uint64_t)int_of_u8(at, row));
}

static size_t text_of_proto(char *out, const void *at, const struct flow_row *row, bool human)
{
	const char *name = proto_name(*(const uint8_t *)at);

	return name ? put_text(out, name) : text_of_u8(out, at, row, human);
}

static size_t text_of_match(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)row;
	(void)human;
	return put_text(out, match_name(*(const uint8_t *)at));
}

static size_t text_of_reason(char *out, const void *at, const struct flow_row *row, bool human)
{
	(void)row;
	(void)human;
	return put_text(out, unbound_name(*(const uint8_t *)at));
}

static size_t text_of_origin(char *out, const void *at, const struct flow_row *row, bool human)
{
	static const char *const names[] = {
#define X(id, name) [ORIGINATOR_##id] = name,
		ORIGINATOR_ROWS(X)
#undef X
	};
	uint8_t origin = *(const uint8_t *)at;

	(void)row;
	(void)human;
	assert(origin < sizeof(names) / sizeof(names[0]));
	return put_text(out, names[origin]);
}

static size_t text_of_id(char *out, const void *at, const struct flow_row *row, bool human)
{
	uint64_t id;

	(void)row;
	(void)human;
	memcpy(&id, at, sizeof(id));
	for (int digit = 0; digit < 16; digit++)
		out[digit] = "0123456789abcdef"[id >> (60 - 4 * digit) & 15];
	out[16] = '\0';
	return 16;
}

static size_t text_of_vlans(char *out, const void *at, const struct flow_row *row, bool human)
{
	size_t n = 0;

	(void)at;
	(void)human;
	for (unsigned i = 0; i < row->vlan_count; i++) {
		if (i)
			out[n++] = ' ';
		n += fmt_u64(out + n, row->vlan[i]);
	}
	return n;
}

/* "vxlan 42" for a screen; with its outer ends in a report. */
static size_t text_of_tunnels(char *out, const void *at, const struct flow_row *row, bool human)
{
	size_t n = 0;

	(void)at;
	for (unsigned i = 0; i < row->tunnel_count; i++) {
		const struct tunnel *t = &row->tunnel[i];

		if (i)
			n += put_text(out + n, "; ");
		n += put_text(out + n, tunnel_name(t->kind));
		if (t->id) {
			out[n++] = ' ';
			n += fmt_u64(out + n, t->id);
		}
		if (human)
			continue;
		out[n++] = ' ';
		n += addr_format(out + n, &t->src);
		out[n++] = ' ';
		n += addr_format(out + n, &t->dst);
	}
	return n;
}

/* "nginx[12] nginx[13]" */
static size_t text_of_owners(char *out, const void *at, const struct flow_row *row, bool human)
{
	const struct owner_rows *owners = at;
	size_t n = 0;

	(void)row;
	(void)human;
	for (unsigned i = 0; i < owners->count; i++) {
		if (i)
			out[n++] = ' ';
		n += put_text(out + n, owners->row[i].name);
		out[n++] = '[';
		n += put_i64(out + n, owners->row[i].pid);
		out[n++] = ']';
	}
	return n;
}

/* ---------------------------------------------------------------------------------------------- */

struct reader {
	int64_t (*to_int)(const void *at, const struct flow_row *row); /* ROW_ABSENT = absent */
	size_t (*to_text)(char *out, const void *at, const struct flow_row *row, bool human);
};

static const struct reader readers[] = {
	[FIELD_INT] = {int_of_i64, text_of_i64},
	[FIELD_BYTES] = {int_of_i64, text_of_bytes},
	[FIELD_BITRATE] = {int_of_i64, text_of_bitrate},
	[FIELD_DURATION] = {int_of_i64, text_of_duration},
	[FIELD_TIME] = {int_of_i64, text_of_time},
	[FIELD_WORD] = {int_of_text, text_of_text},
	[FIELD_TEXT] = {int_of_text, text_of_text},
	[FIELD_FACT] = {int_of_fact, text_of_fact},
	[FIELD_LIST] = {int_of_fact, text_of_list},
	[FIELD_ADDR] = {int_of_addr, text_of_addr},
	[FIELD_PROTO] = {int_of_u8, text_of_proto},
	[FIELD_VERSION] = {int_of_u8_not_zero, text_of_u8},
	[FIELD_MATCH] = {int_of_u8, text_of_match},
	[FIELD_REASON] = {int_of_u8_not_zero, text_of_reason},
	[FIELD_ORIGIN] = {int_of_u8, text_of_origin},
	[FIELD_ID] = {int_of_i64, text_of_id},
	[FIELD_VLANS] = {int_of_vlans, text_of_vlans},
	[FIELD_TUNNELS] = {int_of_tunnels, text_of_tunnels},
	[FIELD_OWNERS] = {int_of_owners, text_of_owners},
};

int64_t field_int(const struct field *f, const void *row)
{
	return readers[f->type].to_int(field_at(f, row), row);
}

const char *field_chars(const struct field *f, const void *row)
{
	const struct flow_row *flow = row; /* no other has facts */
	const void *at = field_at(f, row);

	return f->type <= FIELD_TEXT ? at : flow->texts + *(const uint16_t *)at;
}

bool field_present(const struct field *f, const void *row)
{
	/* An id may have any bits, ROW_ABSENT's among them, and is never absent. */
	return f->type == FIELD_ID || field_int(f, row) != ROW_ABSENT;
}

/* The longest start of text[0..n), n <= max, that ends with a whole UTF-8 character. */
static size_t whole_characters(const char *text, size_t n, size_t max)
{
	if (n <= max)
		return n;
	while (max && ((uint8_t)text[max] & 0xc0) == 0x80)
		max--;
	return max;
}

size_t field_text(const struct field *f, const void *row, bool human, char *out, size_t cap)
{
	char spare[FIELD_TEXT_MAX], *text = cap < FIELD_TEXT_MAX ? spare : out;
	size_t n = 0;

	if (field_present(f, row))
		n = readers[f->type].to_text(text, field_at(f, row), row, human);
	if (text == spare) {
		n = whole_characters(text, n, cap - 1);
		memcpy(out, text, n);
	}
	out[n] = '\0';
	return n;
}

static uint64_t row_id(const void *row)
{
	uint64_t id;

	memcpy(&id, row, sizeof(id));
	return id;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Both present. */
static int compare_values(const struct field *f, const void *a, const void *b)
{
	int64_t va, vb;

	if (field_is_text(f))
		return strcmp(field_chars(f, a), field_chars(f, b));
	switch (f->type) {
	case FIELD_ADDR: return addr_cmp(field_at(f, a), field_at(f, b));
	case FIELD_ID: return compare_u64(row_id(a), row_id(b));
	default: break;
	}
	va = field_int(f, a);
	vb = field_int(f, b);
	return (va > vb) - (va < vb);
}

int field_compare(const struct field *f, const void *a, const void *b)
{
	bool has_a = field_present(f, a), has_b = field_present(f, b);
	int order = has_b - has_a; /* the absent one last */

	if (has_a && has_b)
		order = compare_values(f, a, b);
	return order ? order : compare_u64(row_id(a), row_id(b));
}
