/* SPDX-License-Identifier: MIT
 *
 * HTTP/2 without TLS (RFC 9113).
 *
 *   client: "PRI * HTTP/2.0" CRLF CRLF "SM" CRLF CRLF, then frames; server: frames, SETTINGS first
 *   frame:  length (3) | type (1) | flags (1) | stream (4) | payload
 *
 * The first HEADERS frame of each side tells :authority, :method and :status; when it announces DNS
 * messages (RFC 8484), the bodies tell the names asked for.
 */
#include <string.h>

#include "decode/app_hpack.h"
#include "decode/app_rows.h"
#include "decode/app_text.h"

enum {
	FRAME_HEADER = 9,
	FRAME_MAX = 1 << 14, /* until SETTINGS allow more, and a first HEADERS needs no more */
	FRAME_DATA = 0,
	FRAME_HEADERS = 1,
	FRAME_SETTINGS = 4,
	FRAME_TYPE_MAX = 0x10,
	FLAG_PADDED = 0x08,
	FLAG_PRIORITY = 0x20,
	SETTINGS_MAX = 32 * 6,
};

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

struct frame_header {
	uint32_t len;
	uint8_t type, flags;
	uint32_t stream;
};

static struct frame_header frame_header(struct cursor *c)
{
	struct frame_header f = {.len = cursor_be24(c)};

	f.type = cursor_u8(c);
	f.flags = cursor_u8(c);
	f.stream = cursor_be32(c) & 0x7fffffff;
	return f;
}

static bool is(struct cursor c, const char *text)
{
	return cursor_left(&c) == strlen(text) && memcmp(c.p, text, strlen(text)) == 0;
}

/* What the first header says. */
struct header {
	const struct app_sink *sink;
	bool dns; /* bodies are DNS messages (RFC 8484) */
};

static void field(void *ctx, struct cursor name, struct cursor value)
{
	static const struct {
		const char *name;
		enum fact_kind kind;
	} wanted[] = {{":authority", FACT_HOST},
		      {":method", FACT_HTTP_METHOD},
		      {":status", FACT_HTTP_STATUS},
		      {"host", FACT_HOST}};
	struct header *h = ctx;

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (is(name, wanted[i].name))
			text_fact(h->sink, wanted[i].kind, &value);
	h->dns |= is(name, "content-type") && is(value, "application/dns-message");
}

/* The payload of HEADERS or DATA without padding and priority. */
static struct cursor content(const struct frame_header *f, struct cursor c)
{
	unsigned padding = f->flags & FLAG_PADDED ? cursor_u8(&c) : 0;

	if (f->type == FRAME_HEADERS && f->flags & FLAG_PRIORITY)
		cursor_skip(&c, 5);
	cursor_limit(&c, padding > cursor_left(&c) ? 0 : cursor_left(&c) - padding);
	return c;
}

static void dns(const struct app_input *in, struct cursor body, const struct app_sink *sink)
{
	struct app_input message = *in;

	message.data = body;
	message.datagram = true;
	app_dns(&message, sink);
}

/*
 * Frames up to the first HEADERS; nobody sends much before it. Only where bodies are DNS messages,
 * those after it matter as well.
 */
static enum app_status frames(const struct app_input *in, struct cursor c,
			      const struct app_sink *sink)
{
	struct header header = {.sink = sink};

	while (cursor_left(&c) >= FRAME_HEADER) {
		struct frame_header f = frame_header(&c);
		struct cursor body = cursor_sub(&c, f.len);

		if (f.len > FRAME_MAX || f.type > FRAME_TYPE_MAX)
			return APP_DONE;
		if (c.bad)
			break;
		body = content(&f, body);
		if (f.type == FRAME_HEADERS && !header.dns)
			hpack_block(body, field, &header);
		else if (f.type == FRAME_DATA && header.dns)
			dns(in, body, sink);
		if ((f.type == FRAME_HEADERS || f.type == FRAME_DATA) && !header.dns)
			return APP_DONE;
	}
	return app_unfinished(in);
}

/* A server's first frame. */
static enum app_status server(const struct app_input *in, const struct app_sink *sink)
{
	static const uint8_t same[] = {0, 0, 0, FRAME_SETTINGS, 0, 0, 0, 0, 0};
	struct cursor c = in->data;
	size_t left = cursor_left(&c);
	struct frame_header f;

	for (size_t i = 0; i < left && i < FRAME_HEADER; i++)
		if (i != 2 && c.p[i] != same[i])
			return APP_NO;
	if (left < FRAME_HEADER)
		return app_undecided(in);
	f = frame_header(&c);
	if (f.len % 6 || f.len > SETTINGS_MAX)
		return APP_NO;
	return frames(in, in->data, sink);
}

enum app_status app_http2(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;

	switch (text_match(&c, preface)) {
	case TEXT_SHORT: return app_undecided(in);
	case TEXT_DIFFERS: return server(in, sink);
	case TEXT_EQUAL: break;
	}
	cursor_skip(&c, strlen(preface));
	return frames(in, c, sink);
}
