/* SPDX-License-Identifier: MIT
 *
 * What line-based protocols share: matching words, taking lines, header fields, first lines of the
 * HTTP family. Pieces of text are cursors: borrowed and bounded.
 */
#ifndef SOCKLENS_DECODE_APP_TEXT_H
#define SOCKLENS_DECODE_APP_TEXT_H

#include "base/cursor.h"
#include "decode/app.h"

enum text_match {
	TEXT_DIFFERS,
	TEXT_SHORT, /* the bytes end, equal so far */
	TEXT_EQUAL,
};

/* Does *c begin with `word`, ignoring ASCII case? */
enum text_match text_match(const struct cursor *c, const char *word);

static inline bool text_is(const struct cursor *c, const char *word)
{
	return text_match(c, word) == TEXT_EQUAL;
}

/* The best match of a NULL-terminated list. */
enum text_match text_match_any(const struct cursor *c, const char *const *words);

/* Does `word` occur anywhere in *c, ignoring ASCII case? */
bool text_contains(const struct cursor *c, const char *word);

/* Take one line, without its CR LF or LF; false, and *c untouched, when none ends here. */
bool text_line(struct cursor *c, struct cursor *line);

/* Take the bytes before `stop` and step over it; false, and *c untouched, when it does not occur.
 */
bool text_until(struct cursor *c, uint8_t stop, struct cursor *piece);

/* No control bytes but blanks and line ends? */
bool text_plain(const struct cursor *c);

/* Strip blanks at both ends. */
struct cursor text_trim(struct cursor c);

/* The value of the header field `name` when *line is that field, else false. */
bool text_field(const struct cursor *line, const char *name, struct cursor *value);

static inline void text_fact(const struct app_sink *s, enum fact_kind kind, const struct cursor *c)
{
	app_fact(s, kind, c->p, cursor_left(c));
}

/* "INVITE sip:a@b SIP/2.0" or "SIP/2.0 200 OK". */
struct text_first_line {
	struct cursor method, target; /* of a request */
	struct cursor status, reason; /* of a response */
	bool response;
};

/*
 * Take a first line whose version token begins with `version` ("HTTP/1."). TEXT_SHORT: the line
 * does not end yet, and could still be one; TEXT_DIFFERS: never.
 */
enum text_match text_first_line(struct cursor *c, const char *version,
				struct text_first_line *line);

#endif
