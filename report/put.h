/* SPDX-License-Identifier: MIT
 *
 * Parts of which the exporters of millions of rows are made. Each writes at w, where its caller has
 * reserved room for a whole row, and returns the new end. They are inline: with the type, the place
 * and the key of a field constant, little more than its copy is left.
 */
#ifndef SOCKLENS_REPORT_PUT_H
#define SOCKLENS_REPORT_PUT_H

#include <endian.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/rows/field.h"

#define PUT_INLINE static inline __attribute__((always_inline))

PUT_INLINE char *put_literal(char *w, const char *text)
{
	size_t n = strlen(text);

	memcpy(w, text, n);
	return w + n;
}

PUT_INLINE char *put_i64(char *w, int64_t v)
{
	if (__builtin_expect(v < 0, 0)) {
		*w++ = '-';
		return fmt_digits(w, 0 - (uint64_t)v); /* INT64_MIN has no positive twin */
	}
	return fmt_digits(w, (uint64_t)v);
}

/* A text of ours, which ends at a NUL or after size bytes; those are touched in any case. */
PUT_INLINE char *put_own(char *w, const char *text, size_t size)
{
	const uint64_t ones = 0x0101010101010101;

	for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
		uint64_t x = 0, nul;

		memcpy(&x, text + i, size - i < sizeof(x) ? size - i : sizeof(x));
		memcpy(w + i, &x, sizeof(x));
		x = le64toh(x);
		nul = (x - ones) & ~x & ones * 0x80;
		if (nul)
			return w + i + __builtin_ctzll(nul) / 8;
	}
	return w + size;
}

/*
 * The top bit of each byte of x that is a control character, '"' or `mark`; above the lowest such
 * byte others may be set as well, for the subtractions borrow.
 */
PUT_INLINE uint64_t put_marked(uint64_t x, char mark)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t quote = x ^ ones * '"', other = x ^ ones * (uint8_t)mark;

	return (((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) | ((other - ones) & ~other)) &
	       ones * 0x80;
}

/*
 * Copy text[0..n) up to the first control character (NUL ends a text), '"' or `mark`, and say how
 * many bytes that were. Eight at a time: whole words are touched, of the text as far as n allows.
 */
static inline size_t put_plain(char *w, const char *text, size_t n, char mark)
{
	size_t i = 0;

	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t x, marked;

		memcpy(&x, text + i, sizeof(x));
		memcpy(w + i, &x, sizeof(x));
		marked = put_marked(le64toh(x), mark);
		if (marked)
			return i + (size_t)__builtin_ctzll(marked) / 8;
	}
	for (; i < n && (uint8_t)text[i] >= 0x20 && text[i] != '"' && text[i] != mark; i++)
		w[i] = text[i];
	return i;
}

/* RFC 8259 7. Texts are printable already: control characters are not expected, yet harmless. */
static inline char *put_escaped(char *w, uint8_t c)
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

/* text, which ends at a NUL or after n bytes, between quotes. */
static inline char *put_string(char *w, const char *text, size_t n)
{
	*w++ = '"';
	for (size_t i = 0;; i++) {
		size_t plain = put_plain(w, text + i, n - i, '\\');

		w += plain;
		i += plain;
		if (i == n || !text[i])
			break;
		w = put_escaped(w, (uint8_t)text[i]);
	}
	*w++ = '"';
	return w;
}

/* Are these the size bytes of a text that put_short may copy in a line? */
PUT_INLINE bool put_is_short(enum field_type type, size_t size)
{
	return type == FIELD_TEXT && size <= 40 && size % 4 == 0;
}

/*
 * put_plain of a short text in size bytes: true and *w moved when all of it is plain, as
 * most texts are.
 */
PUT_INLINE bool put_short(char **w, const char *text, size_t size, char mark)
{
	for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
		uint64_t x = 0, marked;

		memcpy(&x, text + i, size - i < sizeof(x) ? size - i : sizeof(x));
		memcpy(*w + i, &x, sizeof(x));
		marked = put_marked(le64toh(x), mark);
		if (!marked)
			continue;
		i += (size_t)__builtin_ctzll(marked) / 8;
		*w += i;
		return !text[i];
	}
	*w += size;
	return true;
}

/* Room for the text of a field that is one; *text is set to it. */
PUT_INLINE size_t put_text_room(const struct flow_row *row, enum field_type type, const void *at,
				size_t size, const char **text)
{
	uint16_t place;

	if (type <= FIELD_TEXT) {
		*text = at;
		return size;
	}
	memcpy(&place, at, sizeof(place));
	*text = row->texts + place;
	return sizeof(row->texts) - place;
}

/* Few flows have any. */
static inline bool put_has_facts(const struct flow_row *row)
{
	unsigned some = 0;

	for (unsigned i = 0; i < FACT_KINDS; i++)
		some |= row->fact[i];
	return some;
}

static inline char *put_other_word(char *w, const struct flow_row *row, enum field_type type,
				   const void *at)
{
	size_t offset = (size_t)((const char *)at - (const char *)row);
	struct field f = {.type = (uint8_t)type, .offset = (uint16_t)offset};

	return w + field_text(&f, row, false, w, FIELD_TEXT_MAX);
}

/* A name of ours, copied as a whole whatever its length. */
struct put_name {
	char text[15];
	uint8_t len;
};

#define PUT_NAME(prefix, id, name) [prefix##id] = {name, sizeof(name) - 1},
#define X(id, name) PUT_NAME(MATCH_, id, name)
static const struct put_name put_match_names[] = {MATCH_ROWS(X)};
#undef X
#define X(id, name) PUT_NAME(UNBOUND_, id, name)
static const struct put_name put_unbound_names[] = {UNBOUND_ROWS(X)};
#undef X
#define X(id, name) PUT_NAME(ORIGINATOR_, id, name)
static const struct put_name put_originator_names[] = {ORIGINATOR_ROWS(X)};
#undef X
#undef PUT_NAME

PUT_INLINE char *put_name(char *w, const struct put_name *names, const void *at)
{
	const struct put_name *n = &names[*(const uint8_t *)at];

	memcpy(w, n, sizeof(*n));
	return w + n->len;
}

PUT_INLINE char *put_proto(char *w, const struct flow_row *row, const void *at)
{
	const char *name;

	switch (*(const uint8_t *)at) { /* most flows */
	case PROTO_TCP: return put_literal(w, "tcp");
	case PROTO_UDP: return put_literal(w, "udp");
	default: break;
	}
	name = proto_name(*(const uint8_t *)at);
	return name ? stpcpy(w, name) : put_other_word(w, row, FIELD_PROTO, at);
}

/* Has put_word something to write? */
PUT_INLINE bool put_has_word(enum field_type type, const void *at)
{
	switch (type) {
	case FIELD_REASON:
	case FIELD_VERSION: return *(const uint8_t *)at;
	case FIELD_TIME: return *(const int64_t *)at != ROW_ABSENT;
	default: return true;
	}
}

/*
 * What a field says in words and digits of ours, nothing to quote in them; nothing when absent. Up to
 * 16 bytes more are touched.
 */
PUT_INLINE char *put_word(char *w, const struct flow_row *row, enum field_type type, const void *at)
{
	if (!put_has_word(type, at))
		return w;
	switch (type) {
	case FIELD_ID: return w + fmt_hex(w, *(const uint64_t *)at);
	case FIELD_ADDR: return w + addr_format(w, at);
	case FIELD_MATCH: return put_name(w, put_match_names, at);
	case FIELD_REASON: return put_name(w, put_unbound_names, at);
	case FIELD_ORIGIN: return put_name(w, put_originator_names, at);
	case FIELD_PROTO: return put_proto(w, row, at);
	case FIELD_VERSION: return put_i64(w, *(const uint8_t *)at);
	case FIELD_TIME: return w + fmt_time_rfc3339(w, *(const int64_t *)at);
	default: return put_other_word(w, row, type, at);
	}
}

/* --- objects (FIELD_OBJECTS_END, FIELD_OBJECTS_FLOW) ------------------------------------------ */

/*
 * Most objects are the same in most flows: all of it is zero, or nothing is known. A text is known
 * unless it is empty; FIELD_MATCH and FIELD_REASON always say something, and do not count.
 */
PUT_INLINE bool put_is_word(enum field_type type)
{
	return type == FIELD_MATCH || type == FIELD_REASON;
}

/* Bits of an integer or of ROW_ABSENT; of a text some when it is known. */
PUT_INLINE int64_t put_bits(enum field_type type, const void *at)
{
	int64_t v;

	if (put_is_word(type))
		return 0;
	if (type == FIELD_FACT || type == FIELD_LIST)
		return *(const uint16_t *)at;
	if (type > FIELD_DURATION)
		return *(const uint8_t *)at;
	memcpy(&v, at, sizeof(v));
	return v;
}

#define PUT_OR_BITS(path, leaf, member, kind, ...) | put_bits(FIELD_##kind, &(member))
#define PUT_AND_BITS(path, leaf, member, kind, ...)                                                \
	&(FIELD_##kind <= FIELD_DURATION ? put_bits(FIELD_##kind, &(member)) : ROW_ABSENT)
#define PUT_AND_INTEGER(path, leaf, member, kind, ...) &&FIELD_##kind <= FIELD_DURATION
#define PUT_OR_WORD(path, leaf, member, kind, ...) || put_is_word(FIELD_##kind)

/* The bits that members of an object have, by its list of fields. Then: */
#define PUT_BITS(list, ...) (0 list(PUT_OR_BITS, "", __VA_ARGS__))
/* Is it of integers, and are they zero? */
#define PUT_IS_ZERO(bits, list, ...) (!(bits)list(PUT_AND_INTEGER, "", __VA_ARGS__))
/* If not: is nothing known but words? */
#define PUT_IS_BLANK(bits, list, ...)                                                              \
	(!((bits) & ~ROW_ABSENT) && (ROW_ABSENT list(PUT_AND_BITS, "", __VA_ARGS__)))
#define PUT_HAS_WORDS(list, ...) (false list(PUT_OR_WORD, "", __VA_ARGS__))

#endif
