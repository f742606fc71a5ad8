/* SPDX-License-Identifier: MIT
 *
 *   POST /path HTTP/1.1 CRLF | HTTP/1.1 200 OK CRLF
 *   Content-Length: 5 CRLF | Transfer-Encoding: chunked CRLF | ... CRLF
 *   CRLF
 *   body, or chunks: size in hex CRLF bytes CRLF ... 0 CRLF trailer CRLF
 */
#include "decode/message.h"

#include <stddef.h>
#include <string.h>

#include "decode/app_text.h"

enum state { LOST, START, FIELDS, COUNTED, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, UNTIL_CLOSE };

enum { METHOD_MIN = 3, METHOD_MAX = 20, SWITCHING = 101 };

/* "HTTP/1." and the like. */
static bool version(const struct cursor *c)
{
	static const char *const versions[] = {"HTTP/1.", "RTSP/1.", "SIP/2.", NULL};

	return text_match_any(c, versions) == TEXT_EQUAL;
}

/* Capitals, then a blank and something printable. */
static bool method(struct cursor c, struct cursor *name)
{
	size_t n;

	if (!text_until(&c, ' ', name))
		return false;
	n = cursor_left(name);
	for (size_t i = 0; i < n; i++)
		if ((name->p[i] < 'A' || name->p[i] > 'Z') && name->p[i] != '-' &&
		    name->p[i] != '_')
			return false;
	return n >= METHOD_MIN && n <= METHOD_MAX && cursor_left(&c) && *c.p > ' ' && *c.p < 0x7f;
}

bool message_begins(struct cursor c)
{
	struct cursor name;

	return version(&c) || method(c, &name);
}

/* Digits of a base up to anything else; false when there is none, or too many. */
static bool number(struct cursor c, unsigned base, uint64_t *out)
{
	uint64_t v = 0;
	unsigned digits = 0;

	for (; cursor_left(&c); digits++) {
		uint8_t ch = cursor_u8(&c) | 0x20; /* digits have that bit already */
		unsigned digit = ch >= 'a' ? ch - 'a' + 10u : (unsigned)(ch - '0');

		if (digit >= base || ch < '0' || (ch > '9' && ch < 'a'))
			break;
		if (v >> 56)
			return false;
		v = v * base + digit;
	}
	*out = v;
	return digits > 0;
}

static void end(struct message *m, const struct message_sink *sink)
{
	m->state = START;
	if (sink->ended)
		sink->ended(sink->ctx, m);
}

static bool first_line(struct message *m, struct cursor line, const struct message_sink *sink)
{
	struct cursor c = line, name;
	uint64_t status = 0;

	memset(m, 0, offsetof(struct message, line)); /* which may be where this line is */
	m->state = FIELDS;
	if (version(&line)) {
		m->http = text_is(&line, "HTTP");
		if (!text_until(&c, ' ', &name) || !number(c, 10, &status) || status > 999)
			return false;
		m->status = (uint16_t)status;
		m->tunnel = status == SWITCHING;
	} else if (method(line, &name)) {
		m->head = cursor_left(&name) == 4 && text_is(&name, "HEAD");
		m->tunnel = text_is(&name, "CONNECT");
	} else {
		return false;
	}
	m->no_body = m->http && (status / 100 == 1 || status == 204 || status == 304);
	m->no_body |= sink->begun(sink->ctx, m);
	return true;
}

static void field(struct message *m, struct cursor line, const struct message_sink *sink)
{
	struct cursor value;

	if (text_field(&line, "content-length", &value) || text_field(&line, "l", &value))
		m->has_length = number(value, 10, &m->left);
	else if (text_field(&line, "transfer-encoding", &value))
		m->chunked = text_contains(&value, "chunked");
	else if (sink->host && text_field(&line, "host", &value))
		sink->host(sink->ctx, value);
}

/* After the empty line. */
static void begin_body(struct message *m, const struct message_sink *sink)
{
	if (m->no_body)
		end(m, sink);
	else if (m->chunked)
		m->state = CHUNK_SIZE;
	else if (m->has_length && m->left)
		m->state = COUNTED;
	else if (m->has_length || !m->status || !m->http)
		end(m, sink);
	else
		m->state = UNTIL_CLOSE;
}

static bool chunk_size(struct message *m, struct cursor line)
{
	if (!number(line, 16, &m->left))
		return false;
	m->state = m->left ? CHUNK : TRAILER;
	return true;
}

/* False when it is not what must stand here. */
static bool take_line(struct message *m, struct cursor line, const struct message_sink *sink)
{
	bool empty = !cursor_left(&line);

	switch (m->state) {
	case START: return empty || first_line(m, line, sink); /* empty ones keep alive */
	case CHUNK_SIZE: return chunk_size(m, line);
	case CHUNK_END: m->state = CHUNK_SIZE; return empty;
	case TRAILER:
		if (empty)
			end(m, sink);
		return true;
	default:
		if (empty)
			begin_body(m, sink);
		else
			field(m, line, sink);
		return true;
	}
}

/* Keep the beginning of a line whose end has not come. */
static void keep(struct message *m, struct cursor *c)
{
	size_t n = cursor_left(c), room = sizeof(m->line) - m->line_len;

	memcpy(m->line + m->line_len, c->p, n < room ? n : room);
	m->line_len = (uint8_t)(m->line_len + (n < room ? n : room));
	cursor_skip(c, n);
}

/* The next line, without its end; false when it does not end here. */
static bool next_line(struct message *m, struct cursor *c, struct cursor *line)
{
	const uint8_t *newline = memchr(c->p, '\n', cursor_left(c));

	if (!newline) {
		keep(m, c);
		return false;
	}
	*line = cursor_sub(c, (size_t)(newline - c->p));
	cursor_skip(c, 1);
	if (m->line_len) {
		keep(m, line);
		*line = cursor_init(m->line, m->line_len);
		m->line_len = 0;
	}
	if (cursor_left(line) && line->end[-1] == '\r')
		line->end--;
	return true;
}

static bool is_body(const struct message *m)
{
	return m->state == COUNTED || m->state == CHUNK || m->state == UNTIL_CLOSE;
}

/* n bytes of a body have passed; no more than are left of it. */
static void pass(struct message *m, uint64_t n, const struct message_sink *sink)
{
	if (m->state == UNTIL_CLOSE)
		return;
	m->left -= n;
	if (m->left)
		return;
	if (m->state == CHUNK)
		m->state = CHUNK_END;
	else
		end(m, sink);
}

static void take_body(struct message *m, struct cursor *c, const struct message_sink *sink)
{
	size_t n = cursor_left(c);
	struct cursor piece;

	if (m->state != UNTIL_CLOSE && n > m->left)
		n = (size_t)m->left;
	piece = cursor_sub(c, n);
	if (sink->body)
		sink->body(sink->ctx, piece, n == m->left);
	pass(m, n, sink);
}

static void lose(struct message *m)
{
	m->state = LOST;
	m->line_len = 0;
}

bool message_feed(struct message *m, struct cursor c, const struct message_sink *sink)
{
	struct cursor line;

	if (m->state == LOST && message_begins(c))
		m->state = START;
	while (cursor_left(&c) && m->state != LOST) {
		if (is_body(m)) {
			take_body(m, &c, sink);
			continue;
		}
		if (next_line(m, &c, &line) && !take_line(m, line, sink))
			lose(m);
		if (m->state != FIELDS && m->tunnel && m->status)
			return false;
	}
	return true;
}

void message_gap(struct message *m, uint64_t missing, const struct message_sink *sink)
{
	bool inside = is_body(m) && (m->state == UNTIL_CLOSE || missing <= m->left);

	if (inside) {
		pass(m, missing, sink);
		return;
	}
	if (m->state == START && m->line_len) /* its beginning may be enough */
		first_line(m, cursor_init(m->line, m->line_len), sink);
	lose(m);
}
