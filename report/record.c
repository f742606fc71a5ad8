/* SPDX-License-Identifier: MIT
 *
 * Reports hold millions of flows, so this writes into one reservation that is always large enough,
 * by straight code that the compiler makes from the rows of the field table: keys, types and
 * places are constants there, and each field has branches of its own to predict.
 *
 * Every member ends with a comma, which the end of its object replaces. Nesting follows from the
 * objects of fields that stand side by side: leave what does not enclose the next, enter the rest.
 */
#include "report/record.h"

#include <string.h>

#include "base/fmt.h"
#include "flow/field.h"
#include "report/exporter.h"

#define X(...) +1
enum { FIELD_COUNT = FACT_KINDS FIELD_ROWS(X) };
#undef X

/* A row never grows by more than this: keys, and what its bytes become at worst (\u00XX). */
enum { ROW_JSON_MAX = FIELD_COUNT * 64 + sizeof(struct flow_row) * 6 };
_Static_assert((size_t)ROW_JSON_MAX <= EXPORTER_ROW_MAX, "a record fits in what callers provide");

/*
 * put_fields repeats its code for each field: constants fold only in what is inlined there, and
 * compilers take minutes (clang with sanitizers) unless that is very little.
 */
#define INLINE inline __attribute__((always_inline))
#define OUTLINE __attribute__((noinline))

static const struct object {
	const char *open; /* "tcp":{ */
	uint8_t parent;
} objects[] = {
#define X(id, parent, key) {"\"" key "\":{", OBJECT_##parent},
	FIELD_OBJECT_ROWS(X)
#undef X
};

/* --- parts: each writes at w and returns the new end ------------------------------------------ */

/* Inline, so that the length of a literal is a constant. */
static inline char *put_literal(char *w, const char *text)
{
	size_t n = strlen(text);

	memcpy(w, text, n);
	return w + n;
}

static OUTLINE char *put_large(char *w, int64_t v)
{
	if (v < 0)
		*w++ = '-';
	return w + fmt_u64(w, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static inline char *put_i64(char *w, int64_t v)
{
	if (v < 0 || v > 9)
		return put_large(w, v);
	*w = (char)('0' + v); /* most counters */
	return w + 1;
}

/* RFC 8259 7. Texts are printable already: control characters are not expected, yet harmless. */
static char *put_escaped(char *w, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";

	if (c >= 0x20) {
		*w++ = '\\';
		*w++ = (char)c;
		return w;
	}
	w = put_literal(w, "\\u00");
	*w++ = hex[c >> 4];
	*w++ = hex[c & 15];
	return w;
}

/* text[0..n) between quotes. */
static char *put_string(char *w, const char *text, size_t n)
{
	*w++ = '"';
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < 0x20 || c == '"' || c == '\\')
			w = put_escaped(w, c);
		else
			*w++ = (char)c;
	}
	*w++ = '"';
	return w;
}

static char *put_list(char *w, const char *text)
{
	*w++ = '[';
	for (;;) {
		size_t n = strcspn(text, (const char[]){FIELD_LIST_SEPARATOR, '\0'});

		w = put_string(w, text, n);
		if (!text[n])
			break;
		*w++ = ',';
		text += n + 1;
	}
	*w++ = ']';
	return w;
}

static char *put_addr(char *w, const struct addr *a)
{
	*w++ = '"';
	w += addr_format(w, a);
	*w++ = '"';
	return w;
}

static char *put_vlans(char *w, const struct flow_row *row)
{
	*w++ = '[';
	for (unsigned i = 0; i < row->vlan_count; i++) {
		if (i)
			*w++ = ',';
		w = put_i64(w, row->vlan[i]);
	}
	*w++ = ']';
	return w;
}

static char *put_tunnel(char *w, const struct tunnel *t)
{
	w = put_literal(w, "{\"kind\":\"");
	w = put_literal(w, tunnel_name(t->kind));
	*w++ = '"';
	if (t->id) {
		w = put_literal(w, ",\"id\":");
		w = put_i64(w, t->id);
	}
	w = put_literal(w, ",\"src\":");
	w = put_addr(w, &t->src);
	w = put_literal(w, ",\"dst\":");
	w = put_addr(w, &t->dst);
	*w++ = '}';
	return w;
}

static char *put_tunnels(char *w, const struct flow_row *row)
{
	*w++ = '[';
	for (unsigned i = 0; i < row->tunnel_count; i++) {
		if (i)
			*w++ = ',';
		w = put_tunnel(w, &row->tunnel[i]);
	}
	*w++ = ']';
	return w;
}

/* --- flow ------------------------------------------------------------------------------------- */

static bool encloses(unsigned outer, unsigned inner)
{
	while (inner != outer && inner != OBJECT_ROOT)
		inner = objects[inner].parent;
	return inner == outer;
}

static char *enter(char *w, unsigned from, unsigned to)
{
	if (to == from)
		return w;
	return put_literal(enter(w, from, objects[to].parent), objects[to].open);
}

/* End the innermost object: its last comma becomes the brace. */
static char *leave(char *w)
{
	w[-1] = '}';
	*w++ = ',';
	return w;
}

static OUTLINE char *change_object(char *w, unsigned from, unsigned to)
{
	for (; !encloses(from, to); from = objects[from].parent)
		w = leave(w);
	return enter(w, from, to);
}

/* Words of our own, without anything to escape. */
static char *put_word(char *w, const struct field *f, const struct flow_row *row)
{
	*w++ = '"';
	w += field_text(f, row, false, w, FIELD_TEXT_MAX);
	*w++ = '"';
	return w;
}

static char *put_value(char *w, const struct field *f, const struct flow_row *row)
{
	const void *at = field_at(f, row);

	switch (f->type) {
	case FIELD_TEXT: return put_string(w, at, strlen(at));
	case FIELD_FACT: return put_string(w, field_chars(f, row), strlen(field_chars(f, row)));
	case FIELD_LIST: return put_list(w, field_chars(f, row));
	case FIELD_ADDR: return put_addr(w, at);
	case FIELD_VERSION: return put_i64(w, *(const uint8_t *)at);
	case FIELD_VLANS: return put_vlans(w, row);
	case FIELD_TUNNELS: return put_tunnels(w, row);
	default: return put_word(w, f, row);
	}
}

static inline char *put_key(char *w, unsigned *inside, unsigned object, const char *key)
{
	if (*inside != object) {
		w = change_object(w, *inside, object);
		*inside = object;
	}
	return put_literal(w, key);
}

static OUTLINE char *put_other(char *w, const struct flow_row *row, unsigned *inside,
			       unsigned object, const char *key, const struct field *f)
{
	if (!field_present(f, row))
		return w;
	w = put_value(put_key(w, inside, object, key), f, row);
	*w++ = ',';
	return w;
}

/* Most fields are integers; only those are worth their own code at each place. */
static INLINE char *put_field(char *w, const struct flow_row *row, unsigned *inside,
			      unsigned object, const char *key, enum field_type type,
			      size_t offset, const struct field *f)
{
	int64_t v;

	if (type > FIELD_DURATION)
		return put_other(w, row, inside, object, key, f);
	memcpy(&v, (const char *)row + offset, sizeof(v));
	if (v == ROW_ABSENT)
		return w;
	w = put_i64(put_key(w, inside, object, key), v);
	*w++ = ',';
	return w;
}

/* Facts' objects are known by their names only; few flows have many. */
static char *put_facts(char *w, const struct flow_row *row, const struct field *f)
{
	const char *inside = "";
	size_t inside_len = 0;

	for (unsigned i = 0; i < FACT_KINDS; i++, f++) {
		size_t n = strcspn(f->name, ".");

		if (!row->fact[i])
			continue;
		if (n != inside_len || memcmp(f->name, inside, n) != 0) {
			w = put_literal(inside_len ? leave(w) : w, "\"");
			memcpy(w, f->name, n);
			w = put_literal(w + n, "\":{");
			inside = f->name;
			inside_len = n;
		}
		w = put_literal(put_literal(put_literal(w, "\""), f->name + n + 1), "\":");
		w = put_value(w, f, row);
		*w++ = ',';
	}
	return inside_len ? leave(w) : w;
}

static char *put_fields(char *w, const struct flow_row *row)
{
	unsigned count, inside = OBJECT_ROOT;
	const struct field *f = fields(&count);

#define X(object, path, leaf, member, kind, columns, label, sentence)                              \
	w = put_field(w, row, &inside, OBJECT_##object, "\"" leaf "\":", FIELD_##kind,                \
		      offsetof(struct flow_row, member), f++);
	FIELD_ROWS(X)
#undef X
	return put_facts(change_object(w, inside, OBJECT_ROOT), row, f);
}

void record_flow(struct buf *out, const struct flow_row *row)
{
	char *start = buf_reserve(out, ROW_JSON_MAX), *w = start;

	if (!start)
		return;
	w = put_literal(w, "{\"type\":\"flow\",");
	w = put_fields(w, row);
	w[-1] = '}';
	out->len += (size_t)(w - start);
}

/* --- summary ---------------------------------------------------------------------------------- */

static char *put_count(char *w, const char *key, int64_t v)
{
	if (v == ROW_ABSENT)
		return w;
	*w++ = '"';
	w = put_literal(w, key);
	w = put_literal(w, "\":");
	w = put_i64(w, v);
	*w++ = ',';
	return w;
}

static char *put_others(char *w, const struct summary_row *sum)
{
	w = put_literal(w, "\"other\":{");
	for (unsigned i = PACKET_IN_FLOW + 1; i < PACKET_OTHER_COUNT; i++)
		w = put_count(w, packet_other_name(i), sum->other[i]);
	return leave(w);
}

static char *put_anomalies(char *w, const struct summary_row *sum)
{
	w = put_literal(w, "\"anomalies\":{");
	for (unsigned i = 0; i < ANOMALY_COUNT; i++)
		w = put_count(w, packet_anomaly_name(i), sum->anomalies[i]);
	return leave(w);
}

static char *put_loss(char *w, const struct loss *loss)
{
	w = put_literal(w, "\"loss\":{");
	for (unsigned i = 0; i < LOSS_STAGES; i++)
		w = put_count(w, loss_name(i), (int64_t)loss->count[i]);
	return leave(w);
}

static char *put_probe(char *w, const char *probe)
{
	if (!*probe)
		return w;
	w = put_literal(w, "\"probe\":");
	w = put_string(w, probe, strlen(probe));
	*w++ = ',';
	return w;
}

void record_summary(struct buf *out, const struct summary_row *sum)
{
	char *start = buf_reserve(out, EXPORTER_ROW_MAX), *w = start;

	if (!start)
		return;
	w = put_literal(w, "{\"type\":\"summary\",");
	w = put_count(w, "schema", RECORD_SCHEMA);
	w = put_count(w, "packets", sum->packets);
	w = put_count(w, "flow_packets", sum->flow_packets);
	w = put_count(w, "other_packets", sum->other_packets);
	w = put_others(w, sum);
	w = put_anomalies(w, sum);
	w = put_count(w, "bytes", sum->bytes);
	w = put_count(w, "flows", sum->flows);
	w = put_count(w, "live_flows", sum->live_flows);
	w = put_count(w, "sockets", sum->sockets);
	w = put_count(w, "events", sum->events);
	w = put_count(w, "first_ns", sum->first_ns);
	w = put_count(w, "last_ns", sum->last_ns);
	w = put_loss(w, &sum->loss);
	w = put_probe(w, sum->probe);
	w[-1] = '}';
	out->len += (size_t)(w - start);
}
