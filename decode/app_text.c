/* SPDX-License-Identifier: MIT */
#include "decode/app_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { METHOD_MIN = 3, METHOD_MAX = 24, FIRST_LINE_MAX = 16384 };

/* Apart from the case, which is one bit of a letter. Most words differ here already. */
static bool first_differs(const struct cursor *c, const char *word)
{
	return cursor_left(c) && (c->p[0] ^ (uint8_t)*word) & ~0x20;
}

enum text_match text_match(const struct cursor *c, const char *word)
{
	size_t left = cursor_left(c), len;

	if (first_differs(c, word))
		return TEXT_DIFFERS;
	if (!left)
		return TEXT_SHORT; /* there may be no bytes to point to */
	len = strlen(word);
	if (strncasecmp((const char *)c->p, word, left < len ? left : len) != 0)
		return TEXT_DIFFERS;
	return left < len ? TEXT_SHORT : TEXT_EQUAL;
}

enum text_match text_match_any(const struct cursor *c, const char *const *words)
{
	enum text_match best = TEXT_DIFFERS;

	for (; *words && best != TEXT_EQUAL; words++) {
		enum text_match m = text_match(c, *words);

		if (m > best)
			best = m;
	}
	return best;
}

bool text_contains(const struct cursor *c, const char *word)
{
	struct cursor at = *c;

	for (; cursor_left(&at); cursor_skip(&at, 1))
		if (text_is(&at, word))
			return true;
	return false;
}

bool text_until(struct cursor *c, uint8_t stop, struct cursor *piece)
{
	size_t left = cursor_left(c);
	const uint8_t *found = left ? memchr(c->p, stop, left) : NULL;

	if (!found)
		return false;
	*piece = cursor_sub(c, (size_t)(found - c->p));
	cursor_skip(c, 1);
	return true;
}

bool text_line(struct cursor *c, struct cursor *line)
{
	if (!text_until(c, '\n', line))
		return false;
	if (cursor_left(line) && line->end[-1] == '\r')
		line->end--;
	return true;
}

/* A control character that no line of text has; a call for each byte would be dear. */
static inline bool is_odd(uint8_t b)
{
	return b < ' ' ? b < '\t' || b > '\r' : b == 0x7f;
}

bool text_plain(const struct cursor *c)
{
	for (const uint8_t *p = c->p; p != c->end; p++)
		if (is_odd(*p))
			return false;
	return true;
}

static bool blank(uint8_t b)
{
	return b == ' ' || b == '\t';
}

struct cursor text_trim(struct cursor c)
{
	while (cursor_left(&c) && blank(c.p[0]))
		c.p++;
	while (cursor_left(&c) && blank(c.end[-1]))
		c.end--;
	return c;
}

bool text_field(const struct cursor *line, const char *name, struct cursor *value)
{
	struct cursor rest = *line, key;

	if (!text_is(line, name) || !text_until(&rest, ':', &key))
		return false;
	key = text_trim(key);
	*value = text_trim(rest);
	return cursor_left(&key) == strlen(name);
}

/* How a method may begin: capitals, as all registered methods are ("M-SEARCH", "VERSION-CONTROL").
 */
static enum text_match method(const struct cursor *c, size_t *len)
{
	size_t left = cursor_left(c), n = 0;

	while (n < left && n <= METHOD_MAX &&
	       (isupper(c->p[n]) || c->p[n] == '-' || c->p[n] == '_'))
		n++;
	*len = n;
	if (n == left && n <= METHOD_MAX)
		return TEXT_SHORT;
	return n >= METHOD_MIN && n <= METHOD_MAX && c->p[n] == ' ' ? TEXT_EQUAL : TEXT_DIFFERS;
}

static bool request(struct cursor text, size_t method_len, const char *version,
		    struct text_first_line *line)
{
	const uint8_t *space;

	line->method = cursor_sub(&text, method_len);
	cursor_skip(&text, 1);
	space = cursor_left(&text) ? memrchr(text.p, ' ', cursor_left(&text)) : NULL;
	if (!space || space == text.p)
		return false;
	line->target = cursor_sub(&text, (size_t)(space - text.p));
	cursor_skip(&text, 1);
	return text_is(&text, version);
}

static bool response(struct cursor text, struct text_first_line *line)
{
	struct cursor token;

	if (!text_until(&text, ' ', &token))
		return false;
	line->status = cursor_sub(&text, 3);
	for (unsigned i = 0; i < 3; i++)
		if (line->status.bad || !isdigit(line->status.p[i]))
			return false;
	line->reason = text_trim(text);
	return !cursor_left(&text) || text.p[0] == ' ';
}

enum text_match text_first_line(struct cursor *c, const char *version, struct text_first_line *line)
{
	enum text_match is_response = text_match(c, version), is_request;
	size_t method_len;
	struct cursor text;

	is_request = method(c, &method_len);
	if (is_response == TEXT_DIFFERS && is_request == TEXT_DIFFERS)
		return TEXT_DIFFERS;
	if (!text_line(c, &text))
		return cursor_left(c) < FIRST_LINE_MAX && text_plain(c) ? TEXT_SHORT : TEXT_DIFFERS;
	line->response = is_response == TEXT_EQUAL;
	if (line->response)
		return response(text, line) ? TEXT_EQUAL : TEXT_DIFFERS;
	if (is_request != TEXT_EQUAL)
		return TEXT_DIFFERS;
	return request(text, method_len, version, line) ? TEXT_EQUAL : TEXT_DIFFERS;
}
