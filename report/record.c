/* SPDX-License-Identifier: MIT
 *
 * Reports hold millions of flows, so this writes into one reservation that is always large enough,
 * by straight code that the compiler makes from the rows of the field table: keys, types and
 * places are constants there, and each field has branches of its own to predict.
 *
 * Every member ends with a comma, which the end of its object replaces. An object of which nothing
 * is known is left out, one of zeros is a constant.
 */
#include "report/record.h"

#include <string.h>

#include "report/exporter.h"
#include "report/put_json.h"

#define ONE(...) +1
enum { FIELD_COUNT = FACT_KINDS FIELD_ROWS(ONE) };
#undef ONE

/* A row never grows by more than this: keys, and what its bytes become at worst (\u00XX). */
enum { ROW_JSON_MAX = FIELD_COUNT * 64 + sizeof(struct flow_row) * 6 };
_Static_assert((size_t)ROW_JSON_MAX <= EXPORTER_ROW_MAX, "a record fits in what callers provide");

/* --- values ----------------------------------------------------------------------------------- */

PUT_INLINE char *put_short_string(char *w, const char *text, size_t size)
{
	char *end = w + 1;

	if (!put_short(&end, text, size, '\\'))
		return put_string(w, text, size);
	*w = *end++ = '"';
	return end;
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

/* --- members: key, value and comma, or nothing when the row does not know it ------------------ */

/* They are given as they are for the value zero: "packets":0, */
enum { ZERO_LEN = 2 };

PUT_INLINE char *put_key(char *w, const char *zero)
{
	size_t n = strlen(zero) - ZERO_LEN;

	memcpy(w, zero, n);
	return w + n;
}

/* More digits than one, out of the way of what is usual. */
static __attribute__((noinline)) char *put_digits(char *w, int64_t v)
{
	w = put_i64(w, v);
	*w++ = ',';
	return w;
}

/* A flow has a hundred of these, most of one digit: a few instructions each, in a line. */
PUT_INLINE char *put_integer(char *w, const char *zero, int64_t v)
{
	size_t n = strlen(zero);

	memcpy(w, zero, n); /* in vain if it is absent */
	if ((uint64_t)v < 10) {
		w[n - ZERO_LEN] = (char)('0' + v);
		return w + n;
	}
	return v == ROW_ABSENT ? w : put_digits(w + n - ZERO_LEN, v);
}

/* FIELD_WORD to FIELD_LIST in size bytes of the row. */
PUT_INLINE char *put_text(char *w, const struct flow_row *row, const char *zero,
			  enum field_type type, const void *at, size_t size)
{
	const char *text;
	size_t room = put_text_room(row, type, at, size, &text);

	if (!*text)
		return w;
	w = put_key(w, zero);
	if (type == FIELD_WORD) {
		*w++ = '"';
		return put_literal(put_own(w, text, size), "\",");
	}
	if (type == FIELD_LIST)
		w = put_list(w, text);
	else if (put_is_short(type, size))
		w = put_short_string(w, text, size);
	else
		w = put_string(w, text, room);
	*w++ = ',';
	return w;
}

PUT_INLINE char *put_quoted_word(char *w, const struct flow_row *row, const char *zero,
				 enum field_type type, const void *at)
{
	if (!put_has_word(type, at))
		return w;
	w = put_key(w, zero);
	*w++ = '"';
	w = put_word(w, row, type, at);
	return put_literal(w, "\",");
}

PUT_INLINE char *put_member(char *w, const char *zero,
			    char *(*value)(char *, const struct flow_row *),
			    const struct flow_row *row)
{
	w = value(put_key(w, zero), row);
	*w++ = ',';
	return w;
}

PUT_INLINE char *put_field(char *w, const struct flow_row *row, const char *zero,
			   enum field_type type, const void *at, size_t size)
{
	int64_t v;

	switch (type) {
	case FIELD_INT:
	case FIELD_BYTES:
	case FIELD_BITRATE:
	case FIELD_DURATION: memcpy(&v, at, sizeof(v)); return put_integer(w, zero, v);
	case FIELD_WORD:
	case FIELD_TEXT:
	case FIELD_FACT:
	case FIELD_LIST: return put_text(w, row, zero, type, at, size);
	case FIELD_VERSION:
		v = *(const uint8_t *)at ? *(const uint8_t *)at : ROW_ABSENT;
		return put_integer(w, zero, v);
	case FIELD_VLANS: return row->vlan_count ? put_member(w, zero, put_vlans, row) : w;
	case FIELD_TUNNELS: return row->tunnel_count ? put_member(w, zero, put_tunnels, row) : w;
	default: return put_quoted_word(w, row, zero, type, at);
	}
}

/* A row of the field table; `member` is whatever it was given as the place of its struct. */
#define PUT_FIELD(path, leaf, member, kind, ...)                                                   \
	w = put_field(w, row, "\"" leaf "\":0,", FIELD_##kind, &(member), sizeof(member));
#define PUT_ROW_FIELD(path, leaf, member, ...) PUT_FIELD(path, leaf, row->member, __VA_ARGS__)

/* --- objects ---------------------------------------------------------------------------------- */

/*
 * text[0..n), the last step overlapping. Compilers make "rep movs" of a large copy whose size they
 * know, and that takes long to start.
 */
PUT_INLINE char *put_block(char *w, const char *text, size_t n)
{
	enum { STEP = 64 };
	size_t i;

	for (i = 0; n - i > STEP; i += STEP)
		memcpy(w + i, text + i, STEP);
	if (n < STEP)
		return memcpy(w, text, n), w + n;
	memcpy(w + n - STEP, text + n - STEP, STEP);
	return w + n;
}

#define ZERO_MEMBER(path, leaf, ...) "\"" leaf "\":0,"
#define PUT_IF_WORD(path, leaf, member, kind, ...)                                                 \
	if (put_is_word(FIELD_##kind))                                                             \
		PUT_FIELD(path, leaf, member, kind)

/* An object, from its row of the table. */
#define PUT_OBJECT(X, list, path, key, ...)                                                        \
	{                                                                                          \
		static const char zeros[] = "\"" key "\":{" list(ZERO_MEMBER, "", __VA_ARGS__);    \
		int64_t bits = PUT_BITS(list, __VA_ARGS__);                                        \
                                                                                                   \
		if (PUT_IS_ZERO(bits, list, __VA_ARGS__)) {                                        \
			w = put_object_end(put_block(w, zeros, sizeof(zeros) - 1));                  \
		} else if (PUT_IS_BLANK(bits, list, __VA_ARGS__)) {                                \
			PUT_WORDS(X, list, path, key, __VA_ARGS__)                                 \
		} else {                                                                           \
			w = put_literal(w, "\"" key "\":{");                                       \
			list(PUT_FIELD, "", __VA_ARGS__);                                          \
			w = put_object_end(w);                                                       \
		}                                                                                  \
	}

/* One that is known to be all of zeros. */
#define PUT_ZEROS(X, list, path, key, ...)                                                         \
	{                                                                                          \
		static const char zeros[] = "\"" key "\":{" list(ZERO_MEMBER, "", __VA_ARGS__);    \
                                                                                                   \
		w = put_object_end(put_block(w, zeros, sizeof(zeros) - 1));                          \
	}

/* One of which nothing is known. */
#define PUT_WORDS(X, list, path, key, ...)                                                         \
	if (PUT_HAS_WORDS(list, __VA_ARGS__)) {                                                    \
		w = put_literal(w, "\"" key "\":{");                                               \
		list(PUT_IF_WORD, "", __VA_ARGS__);                                                \
		w = put_object_end(w);                                                               \
	}

static char *put_end(char *w, const struct flow_row *row, const struct flow_end_row *e)
{
	FIELD_ROWS_END(PUT_FIELD, "", (*e), "", "")
	if (row->plain) {
		FIELD_OBJECTS_TROUBLE(PUT_ZEROS, , "", (*e), "")
	} else {
		FIELD_OBJECTS_TROUBLE(PUT_OBJECT, , "", (*e), "")
	}
	FIELD_OBJECTS_PATH(PUT_OBJECT, , "", (*e), "")
	if (row->plain) {
		FIELD_OBJECTS_ORDER(PUT_ZEROS, , "", (*e), "")
	} else {
		FIELD_OBJECTS_RTP(PUT_OBJECT, , "", (*e), "")
		FIELD_OBJECTS_ORDER(PUT_OBJECT, , "", (*e), "")
		FIELD_OBJECTS_SCTP(PUT_OBJECT, , "", (*e), "")
	}
	if (e->no_socket) {
		FIELD_OBJECTS_SOCKET(PUT_WORDS, , "", (*e), "")
	} else {
		FIELD_OBJECTS_SOCKET(PUT_OBJECT, , "", (*e), "")
	}
	return put_object_end(w);
}

/* Facts' objects are known by their names only; few flows have many. */
static char *put_facts(char *w, const struct flow_row *row)
{
	unsigned count, inside_len = 0;
	const struct field *f = fields(&count) + FIELD_COUNT - FACT_KINDS;
	const char *inside = "";

	for (unsigned i = 0; i < FACT_KINDS; i++, f++) {
		unsigned n;

		if (!row->fact[i])
			continue;
		n = (unsigned)strcspn(f->name, ".");
		if (n != inside_len || memcmp(f->name, inside, n) != 0) {
			w = put_literal(inside_len ? put_object_end(w) : w, "\"");
			memcpy(w, f->name, n);
			w = put_literal(w + n, "\":{");
			inside = f->name;
			inside_len = n;
		}
		w = put_literal(put_literal(w, "\""), f->name + n + 1);
		w = put_text(w, row, "\":0,", f->type, &row->fact[i], sizeof(row->fact[i]));
	}
	return inside_len ? put_object_end(w) : w;
}

static char *put_fields(char *w, const struct flow_row *row)
{
	FIELD_ROWS_HEAD(PUT_ROW_FIELD)
	w = put_end(put_literal(w, "\"src\":{"), row, &row->src);
	w = put_end(put_literal(w, "\"dst\":{"), row, &row->dst);
	FIELD_ROWS_COURSE(PUT_ROW_FIELD)
	FIELD_OBJECTS_ICMP(PUT_OBJECT, , row->)
	if (!row->plain) {
		FIELD_OBJECTS_APP(PUT_OBJECT, , row->)
	}
	FIELD_OBJECTS_RTT(PUT_OBJECT, , row->)
	if (!row->plain) {
		FIELD_OBJECTS_QUIC(PUT_OBJECT, , row->)
	}
	FIELD_OBJECTS_VERDICT(PUT_OBJECT, , row->)
	FIELD_ROWS_TAGS(PUT_ROW_FIELD)
	return put_has_facts(row) ? put_facts(w, row) : w;
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
