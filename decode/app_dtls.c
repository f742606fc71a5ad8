/* SPDX-License-Identifier: MIT
 *
 * DTLS (RFC 6347 4.1, RFC 9147 5.2): each datagram begins with a record.
 *
 *   record:    type (1) | version (2) | epoch (2) | sequence (6) | length (2) | fragment
 *   handshake: type (1) | length (3) | message (2) | fragment offset (3) | fragment length (3) |
 * body
 *
 * A hello may come in fragments. Those of one datagram are joined; of a hello spread over datagrams
 * the first tells what it can, and whoever keeps a struct dtls_hello learns the rest.
 */
#include <string.h>

#include "decode/app_rows.h"
#include "decode/app_tls.h"
#include "decode/dtls.h"

enum { RECORD_HANDSHAKE = 22, RECORD_MIN = 20, RECORD_MAX_TYPE = 26 };

struct fragment {
	uint8_t type;
	uint32_t len, offset; /* of the whole message; of this fragment's bytes in it */
	struct cursor bytes;
};

static bool is_version(uint16_t v)
{
	return v == 0xfeff || v == 0xfefd || v == 0x0100;
}

/* Take one record; false when the bytes are none. */
static bool record(struct cursor *c, uint8_t *type, struct cursor *body)
{
	uint16_t version;

	*type = cursor_u8(c);
	version = cursor_be16(c);
	cursor_skip(c, 8);
	*body = cursor_sub(c, cursor_be16(c));
	return !c->bad && is_version(version) && *type >= RECORD_MIN && *type <= RECORD_MAX_TYPE &&
	       cursor_left(body);
}

static bool fragment(struct cursor body, struct fragment *f)
{
	uint32_t n;

	f->type = cursor_u8(&body);
	f->len = cursor_be24(&body);
	cursor_skip(&body, 2);
	f->offset = cursor_be24(&body);
	n = cursor_be24(&body);
	f->bytes = cursor_sub(&body, n);
	return !body.bad && f->offset + n <= f->len;
}

/* The body of the hello that *f begins: in place, or its fragments in this datagram joined. */
static struct cursor gather(struct fragment f, struct cursor rest, uint8_t whole[TLS_HELLO_MAX])
{
	size_t have = cursor_left(&f.bytes);
	uint8_t type = f.type, record_type;
	struct cursor body;

	if (have >= f.len || f.len > TLS_HELLO_MAX)
		return f.bytes;
	memcpy(whole, f.bytes.p, have);
	while (cursor_left(&rest) && record(&rest, &record_type, &body)) {
		if (record_type != RECORD_HANDSHAKE || !fragment(body, &f) || f.type != type ||
		    f.offset != have || have + cursor_left(&f.bytes) > TLS_HELLO_MAX)
			break;
		memcpy(whole + have, f.bytes.p, cursor_left(&f.bytes));
		have += cursor_left(&f.bytes);
	}
	return cursor_init(whole, have);
}

static void hello(const struct fragment *f, struct cursor rest, const struct app_sink *sink)
{
	uint8_t whole[TLS_HELLO_MAX];
	struct cursor body = gather(*f, rest, whole);

	if (f->type == TLS_CLIENT_HELLO)
		tls_client_hello(body, TLS_OVER_UDP, sink);
	else
		tls_server_hello(body, sink);
}

/* --- over several datagrams ------------------------------------------------------------------- */

/* In order; what comes again is the same. Another length is another hello, with a cookie. */
static void join(struct dtls_hello *h, const struct fragment *f)
{
	size_t n = cursor_left(&f->bytes);

	if (f->type != TLS_CLIENT_HELLO || f->len > DTLS_HELLO_MAX)
		return;
	if (f->offset == 0 && f->len != h->len) {
		h->len = (uint16_t)f->len;
		h->have = 0;
	}
	if (f->len != h->len || f->offset > h->have || f->offset + n <= h->have)
		return;
	memcpy(h->bytes + f->offset, f->bytes.p, n);
	h->have = (uint16_t)(f->offset + n);
}

bool dtls_hello_feed(struct dtls_hello *h, struct cursor datagram)
{
	struct cursor body;
	struct fragment f;
	uint8_t type;

	while (cursor_left(&datagram) && record(&datagram, &type, &body))
		if (type == RECORD_HANDSHAKE && fragment(body, &f))
			join(h, &f);
	return h->len && h->have == h->len;
}

bool dtls_hello_begins(struct cursor datagram)
{
	struct dtls_hello h;

	h.len = h.have = 0;
	return !dtls_hello_feed(&h, datagram) && h.have;
}

void dtls_hello_emit(const struct dtls_hello *h, const struct app_sink *sink)
{
	tls_client_hello(cursor_init(h->bytes, h->len), TLS_OVER_UDP, sink);
}

enum app_status app_dtls(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, body;
	struct fragment f;
	uint8_t type;

	if (!record(&c, &type, &body))
		return APP_NO;
	if (type == RECORD_HANDSHAKE && fragment(body, &f) && f.offset == 0 &&
	    (f.type == TLS_CLIENT_HELLO || f.type == TLS_SERVER_HELLO))
		hello(&f, c, sink);
	return APP_DONE;
}
