/* SPDX-License-Identifier: MIT
 *
 * TLS over a stream (RFC 8446 5.1, RFC 5246 6.2), and the hello of SSL 2 (RFC 5246 E.2).
 *
 *   record:    type (1) | version (2) | length (2) | fragment
 *   handshake: type (1) | length (3) | body             may span records, and share them
 *   SSL 2:     1 and length (15 bits) | type (1) | version (2) | three lengths (6) | data
 */
#include "decode/app_tls.h"

#include <string.h>

#include "decode/app_rows.h"

enum {
	RECORD_HEADER = 5,
	RECORD_MAX = 16384 + 2048,
	RECORD_CCS = 20,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
	SSL2_CLIENT_HELLO = 1,
	SSL2_SERVER_HELLO = 4,
	SSL2_HELLO_MIN = 9,
};

enum seen { SEEN_NO, SEEN_PART, SEEN_YES };

struct record {
	uint8_t type;
	size_t len;	     /* as the header says */
	struct cursor bytes; /* what is there */
};

/* Each byte of a header is judged as soon as it is there: other protocols should leave early. */
static bool plausible_header(const uint8_t *h, size_t n)
{
	if (n > 0 && (h[0] < RECORD_CCS || h[0] > RECORD_DATA))
		return false;
	if (n > 1 && h[1] != 3)
		return false;
	if (n > 2 && h[2] > 4)
		return false;
	return n < RECORD_HEADER || (h[3] << 8 | h[4]) <= RECORD_MAX;
}

/* Take one record, or what is there of it. */
static enum seen record(struct cursor *c, struct record *r)
{
	size_t left = cursor_left(c);

	if (!plausible_header(c->p, left < RECORD_HEADER ? left : RECORD_HEADER))
		return SEEN_NO;
	if (left < RECORD_HEADER)
		return SEEN_PART;
	r->type = cursor_u8(c);
	cursor_skip(c, 2);
	r->len = cursor_be16(c);
	left -= RECORD_HEADER;
	r->bytes = cursor_sub(c, r->len < left ? r->len : left);
	return r->len <= left ? SEEN_YES : SEEN_PART;
}

/*
 * The first handshake message that *first begins, gathered into whole[] only when it spans records.
 * Left in *body; SEEN_PART when the rest has not come.
 */
static enum seen message(const struct record *first, struct cursor rest, uint8_t *type,
			 struct cursor *body, uint8_t whole[TLS_HELLO_MAX])
{
	struct cursor c = first->bytes;
	struct record r = *first;
	size_t want, have;

	if (cursor_left(&c) < TLS_HANDSHAKE_HEADER)
		return SEEN_PART;
	*type = cursor_u8(&c);
	want = cursor_be24(&c);
	*body = c;
	cursor_limit(body, want);
	if (cursor_left(&c) >= want)
		return SEEN_YES;
	if (want > TLS_HELLO_MAX)
		return SEEN_NO;
	memcpy(whole, c.p, have = cursor_left(&c));
	while (have < want && cursor_left(&r.bytes) == r.len && record(&rest, &r) != SEEN_NO) {
		size_t n = cursor_left(&r.bytes);

		if (r.type != RECORD_HANDSHAKE || !n)
			break;
		n = n < want - have ? n : want - have;
		memcpy(whole + have, r.bytes.p, n);
		have += n;
	}
	*body = cursor_init(whole, have);
	return have < want ? SEEN_PART : SEEN_YES;
}

/* Records without a hello (we came late): what follows must be a record as well. */
static enum app_status late(const struct app_input *in, struct cursor rest)
{
	struct record r;

	if (!cursor_left(&rest))
		return app_unfinished(in);
	return record(&rest, &r) == SEEN_NO ? APP_NO : APP_DONE;
}

static enum app_status hello(const struct app_input *in, const struct record *first,
			     struct cursor rest, const struct app_sink *sink)
{
	uint8_t whole[TLS_HELLO_MAX], type = 0;
	struct cursor body;
	enum seen seen = message(first, rest, &type, &body, whole);
	bool is_hello;

	if (seen == SEEN_PART && !in->final)
		return APP_MORE;
	if (seen == SEEN_NO || (type != TLS_CLIENT_HELLO && type != TLS_SERVER_HELLO))
		return cursor_left(&first->bytes) == first->len ? late(in, rest)
								: app_undecided(in);
	is_hello = type == TLS_CLIENT_HELLO ? tls_client_hello(body, TLS_OVER_TCP, sink)
					    : tls_server_hello(body, sink);
	return is_hello ? APP_DONE : APP_NO;
}

/* --- SSL 2 --- */

static bool ssl2_lengths(struct cursor c, size_t left)
{
	unsigned ciphers = cursor_be16(&c), session = cursor_be16(&c), challenge = cursor_be16(&c);

	return ciphers && ciphers % 3 == 0 && (session == 0 || session == 16) && challenge >= 16 &&
	       challenge <= 32 && ciphers + session + challenge == left;
}

static bool ssl2_version(unsigned version)
{
	return version == 0x0002 || (version >= 0x0300 && version <= 0x0303);
}

static enum app_status ssl2(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	unsigned len = cursor_be16(&c), type = cursor_u8(&c);
	size_t left;

	if (c.bad)
		return in->data.p[0] & 0x80 ? app_undecided(in) : APP_NO;
	if (!(len & 0x8000) || (type != SSL2_CLIENT_HELLO && type != SSL2_SERVER_HELLO))
		return APP_NO;
	len &= 0x7fff;
	left = cursor_left(&c);
	if (len < SSL2_HELLO_MIN || left < SSL2_HELLO_MIN - 1)
		return len < SSL2_HELLO_MIN ? APP_NO : app_undecided(in);
	if (type == SSL2_CLIENT_HELLO)
		return ssl2_version(cursor_be16(&c)) && ssl2_lengths(c, len - SSL2_HELLO_MIN)
			       ? APP_DONE
			       : APP_NO;
	cursor_skip(&c, 2); /* session hit, certificate type */
	if (cursor_be16(&c) != 0x0002)
		return APP_NO;
	app_fact(sink, FACT_TLS_VERSION, "SSLv2", 5);
	return APP_DONE;
}

enum app_status app_tls(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	struct record first;
	enum seen seen;

	if (!cursor_left(&c))
		return app_undecided(in);
	if (c.p[0] & 0x80)
		return ssl2(in, sink);
	seen = record(&c, &first);
	if (seen == SEEN_NO)
		return APP_NO;
	if (cursor_left(&in->data) < RECORD_HEADER)
		return app_undecided(in);
	if (first.type == RECORD_HANDSHAKE)
		return hello(in, &first, c, sink);
	return seen == SEEN_PART ? app_undecided(in) : late(in, c);
}

enum app_status tls_inside(const struct app_input *in, struct cursor rest,
			   const struct app_sink *sink)
{
	struct app_input inner = *in;
	enum app_status s;

	inner.data = rest;
	inner.final |= in->datagram; /* nothing will follow what is in a datagram */
	s = app_tls(&inner, sink);
	return s == APP_NO ? APP_DONE : s;
}
