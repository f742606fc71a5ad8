/* SPDX-License-Identifier: MIT
 *
 * Reports hold millions of flows, so this writes into one reservation that is always large enough,
 * with the keys of all fields ready as literals. Nesting follows from the objects of two fields
 * that stand side by side: leave what does not enclose the next one, enter the rest.
 */
#include "report/record.h"

#include <string.h>

#include "base/fmt.h"
#include "flow/field.h"
#include "report/exporter.h"

enum { KEY_SIZE = 30 };

/* Of one field, in the order of the field table. Copied whole: a copy of known size is cheapest. */
struct key {
	char text[KEY_SIZE]; /* ,"retransmission": */
	uint8_t length;
	uint8_t object; /* enum field_object */
};

#define X(id, path, leaf, member, type, width, title, help)                                        \
	{",\"" leaf "\":", sizeof(",\"" leaf "\":") - 1, OBJECT_##id},
static const struct key keys[] = {FIELD_ROWS(X)};
#undef X

/* A row never grows by more than this: keys, and what its bytes become at worst (\u00XX). */
enum { ROW_JSON_MAX = sizeof(keys) / sizeof(keys[0]) * 64 + sizeof(struct flow_row) * 6 };
_Static_assert((size_t)ROW_JSON_MAX <= EXPORTER_ROW_MAX, "a record fits in what callers provide");

static const struct object {
	char open[16]; /* ,"tcp":{ */
	uint8_t parent;
} objects[] = {
#define X(id, parent, key) {",\"" key "\":{", OBJECT_##parent},
	FIELD_OBJECT_ROWS(X)
#undef X
};

/* --- parts: each writes at w and returns the new end ------------------------------------------ */

static char *put_literal(char *w, const char *text)
{
	return stpcpy(w, text);
}

/* The first member of an object has no comma in front. */
static unsigned skip_comma(const char *w)
{
	return w[-1] == '{';
}

static char *put_key(char *w, const struct key *k)
{
	unsigned skip = skip_comma(w);

	memcpy(w, k->text + skip, KEY_SIZE - 1);
	return w + k->length - skip;
}

static char *put_i64(char *w, int64_t v)
{
	if (v >= 0 && v < 10) { /* most counters are */
		*w = (char)('0' + v);
		return w + 1;
	}
	if (v < 0)
		*w++ = '-';
	return w + fmt_u64(w, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
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

/* A field that is present and no plain integer. */
static char *put_value(char *w, const struct field *f, const struct flow_row *row)
{
	const void *at = field_at(f, row);

	switch (f->type) {
	case FIELD_TEXT: return put_string(w, at, strlen(at));
	case FIELD_LIST: return put_list(w, at);
	case FIELD_ADDR: return put_addr(w, at);
	case FIELD_VERSION: return put_i64(w, *(const uint8_t *)at);
	case FIELD_VLANS: return put_vlans(w, row);
	case FIELD_TUNNELS: return put_tunnels(w, row);
	default: /* names from our own tables: nothing to escape */
		*w++ = '"';
		w += field_text(f, row, false, w, FIELD_TEXT_MAX);
		*w++ = '"';
		return w;
	}
}

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
	w = enter(w, from, objects[to].parent);
	return put_literal(w, objects[to].open + skip_comma(w));
}

static char *change_object(char *w, unsigned from, unsigned to)
{
	for (; !encloses(from, to); from = objects[from].parent)
		*w++ = '}';
	return enter(w, from, to);
}

static char *put_fields(char *w, const struct flow_row *row)
{
	unsigned count, object = OBJECT_ROOT;
	const struct field *f = fields(&count);

	for (unsigned i = 0; i < count; i++) {
		bool integer = field_is_integer(&f[i]);
		int64_t v = 0;

		if (integer)
			memcpy(&v, field_at(&f[i], row), sizeof(v));
		if (integer ? v == ROW_ABSENT : !field_present(&f[i], row))
			continue;
		if (keys[i].object != object) {
			w = change_object(w, object, keys[i].object);
			object = keys[i].object;
		}
		w = put_key(w, &keys[i]);
		w = integer ? put_i64(w, v) : put_value(w, &f[i], row);
	}
	return change_object(w, object, OBJECT_ROOT);
}

void record_flow(struct buf *out, const struct flow_row *row)
{
	char *start = buf_reserve(out, ROW_JSON_MAX), *w = start;

	if (!start)
		return;
	w = put_literal(w, "{\"type\":\"flow\"");
	w = put_fields(w, row);
	*w++ = '}';
	out->len += (size_t)(w - start);
}

/* --- summary ---------------------------------------------------------------------------------- */

static char *put_count(char *w, const char *key, int64_t v)
{
	if (v == ROW_ABSENT)
		return w;
	w = put_literal(w, &",\""[skip_comma(w)]);
	w = put_literal(w, key);
	w = put_literal(w, "\":");
	return put_i64(w, v);
}

static char *put_others(char *w, const struct summary_row *sum)
{
	w = put_literal(w, ",\"other\":{");
	for (unsigned i = PACKET_IN_FLOW + 1; i < PACKET_OTHER_COUNT; i++)
		w = put_count(w, packet_other_name(i), sum->other[i]);
	return put_literal(w, "}");
}

static char *put_anomalies(char *w, const struct summary_row *sum)
{
	w = put_literal(w, ",\"anomalies\":{");
	for (unsigned i = 0; i < ANOMALY_COUNT; i++)
		w = put_count(w, packet_anomaly_name(i), sum->anomalies[i]);
	return put_literal(w, "}");
}

static char *put_loss(char *w, const struct loss *loss)
{
	w = put_literal(w, ",\"loss\":{");
	for (unsigned i = 0; i < LOSS_STAGES; i++)
		w = put_count(w, loss_name(i), (int64_t)loss->count[i]);
	return put_literal(w, "}");
}

static char *put_probe(char *w, const char *probe)
{
	if (!*probe)
		return w;
	w = put_literal(w, ",\"probe\":");
	return put_string(w, probe, strlen(probe));
}

void record_summary(struct buf *out, const struct summary_row *sum)
{
	char *start = buf_reserve(out, EXPORTER_ROW_MAX), *w = start;

	if (!start)
		return;
	w = put_literal(w, "{\"type\":\"summary\"");
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
	*w++ = '}';
	out->len += (size_t)(w - start);
}
