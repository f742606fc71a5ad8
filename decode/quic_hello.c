/* SPDX-License-Identifier: MIT
 *
 * Gathering the client hello from the CRYPTO frames (RFC 9000 19.6) of Initial packets, which
 * browsers cut into pieces and shuffle on purpose. And finding the CHLO message of Google's QUIC:
 *
 *   "CHLO" | number of tags (2) | 0 (2) | each: tag (4), end of its value (4) | values
 * little-endian
 */
#include <string.h>

#include "decode/app_tls.h"
#include "decode/quic.h"
#include "decode/quic_crypto.h"
#include "decode/quic_varint.h"

enum {
	FRAME_PADDING = 0,
	FRAME_PING = 1,
	FRAME_ACK = 2,
	FRAME_ACK_ECN = 3,
	FRAME_CRYPTO = 6,
	FRAME_CRYPTO_GOOGLE = 8, /* in T050 and T051 */
	PACKETS_MAX = 8,	 /* of one datagram */
	CHLO_TAGS_MAX = 128,
	CHLO_NEAR = 128, /* bytes of headers before a CHLO, at most */
	PUBLIC_VERSION = 0x01,
	PUBLIC_RESET = 0x02,
	PUBLIC_CID = 0x08,
};

void quic_hello_init(struct quic_hello *h)
{
	h->version = 0;
	h->cid_len = 0;
	h->chlo = false;
	h->len = 0;
	memset(h->have, 0, sizeof(h->have));
}

static bool has(const struct quic_hello *h, size_t at)
{
	return h->have[at / 8] >> at % 8 & 1;
}

static void put(struct quic_hello *h, uint64_t offset, struct cursor data)
{
	size_t n = cursor_left(&data);

	if (offset >= QUIC_HELLO_MAX)
		return;
	if (n > QUIC_HELLO_MAX - offset)
		n = QUIC_HELLO_MAX - (size_t)offset;
	for (size_t i = 0, at = (size_t)offset; i < n; i++, at++) {
		h->have[at / 8] |= (uint8_t)(1u << at % 8);
		h->bytes[at] = data.p[i];
	}
	while (h->len < QUIC_HELLO_MAX && has(h, h->len))
		h->len++;
}

static void skip_ack(struct cursor *c, uint64_t type)
{
	uint64_t ranges;

	quic_varint(c); /* largest */
	quic_varint(c); /* delay */
	ranges = quic_varint(c);
	quic_varint(c);
	while (ranges-- && cursor_left(c)) {
		quic_varint(c);
		quic_varint(c);
	}
	for (unsigned i = 0; type == FRAME_ACK_ECN && i < 3; i++)
		quic_varint(c);
}

/*
 * All frames that an Initial packet may hold, but the one that closes the connection. Google's
 * versions over TLS number only the CRYPTO frame in their own way.
 */
static void frames(struct quic_hello *h, struct cursor c, uint64_t crypto)
{
	while (cursor_left(&c)) {
		uint64_t type = quic_varint(&c), offset;

		if (type == FRAME_PADDING || type == FRAME_PING)
			continue;
		if (type == crypto) {
			struct cursor data;
			uint64_t n;

			offset = quic_varint(&c);
			n = quic_varint(&c);
			data = cursor_sub(&c, n <= cursor_left(&c) ? (size_t)n : SIZE_MAX);
			put(h, offset, data);
		} else if (type == FRAME_ACK || type == FRAME_ACK_ECN) {
			skip_ack(&c, type);
		} else {
			return;
		}
	}
}

/* --- Google's QUIC --- */

/* The values of the CHLO at *c, whose tags are left at *tags. */
static bool chlo_at(struct cursor c, struct cursor *tags, struct cursor *values)
{
	const uint8_t *name = cursor_bytes(&c, 4);
	unsigned count = cursor_le16(&c);

	if (!name || memcmp(name, "CHLO", 4) || cursor_le16(&c) || !count || count > CHLO_TAGS_MAX)
		return false;
	*tags = cursor_sub(&c, count * 8);
	*values = c;
	return !c.bad;
}

static bool find_chlo(struct cursor c, struct cursor *tags, struct cursor *values)
{
	for (unsigned i = 0; i < CHLO_NEAR && cursor_left(&c); i++, cursor_skip(&c, 1))
		if (c.p[0] == 'C' && chlo_at(c, tags, values))
			return true;
	return false;
}

struct cursor quic_chlo_tag(struct cursor bytes, const char tag[4])
{
	struct cursor tags, values, none = {.p = bytes.p, .end = bytes.p, .bad = true};
	uint32_t begin = 0;

	if (!find_chlo(bytes, &tags, &values))
		return none;
	while (cursor_left(&tags)) {
		const uint8_t *name = cursor_bytes(&tags, 4);
		uint32_t end = cursor_le32(&tags);

		if (end < begin)
			return none;
		if (memcmp(name, tag, 4) == 0) {
			cursor_skip(&values, begin);
			return cursor_sub(&values, end - begin);
		}
		begin = end;
	}
	return none;
}

static void keep_chlo(struct quic_hello *h, struct cursor bytes)
{
	struct cursor tags, values;
	size_t n = cursor_left(&bytes);

	if (!find_chlo(bytes, &tags, &values))
		return;
	h->len = (uint16_t)(n < QUIC_HELLO_MAX ? n : QUIC_HELLO_MAX);
	memcpy(h->bytes, bytes.p, h->len);
	h->chlo = true;
}

static bool is_google(uint32_t v)
{
	return v >> 16 == ('Q' << 8 | '0') && (v >> 8 & 0xff) - '0' < 5 && (v & 0xff) - '0' < 10;
}

/*
 * Before Q050, in the clear. Up to Q043: flags (1) | connection id (8) | version (4) | packet
 * number | ... Then: flags (1), the first bit set | version (4) | ...
 */
static bool google_header(struct cursor c, uint32_t *version)
{
	uint8_t flags = cursor_u8(&c);
	bool public = !(flags & 0x80);

	if (public && (!(flags & PUBLIC_VERSION) || !(flags & PUBLIC_CID) || flags & PUBLIC_RESET))
		return false;
	cursor_skip(&c, public ? 8 : 0);
	*version = cursor_be32(&c);
	return is_google(*version);
}

/* --- datagrams --- */

static bool whole(const struct quic_hello *h)
{
	struct cursor c = cursor_init(h->bytes, h->len);

	if (h->chlo || h->len == QUIC_HELLO_MAX)
		return true;
	cursor_skip(&c, 1);
	return cursor_be24(&c) <= cursor_left(&c) && !c.bad;
}

/* The keys stay those of the first Initial until a Retry makes the client begin anew. */
static void initial(struct quic_hello *h, const struct quic_packet *p)
{
	uint8_t plain[QUIC_PACKET_MAX];
	size_t n = 0, len = cursor_left(&p->dcid);

	if (h->cid_len)
		n = quic_decrypt(p, h->cid, h->cid_len, plain);
	if (!n) {
		n = quic_decrypt(p, p->dcid.p, len, plain);
		if (!n)
			return;
		memcpy(h->cid, p->dcid.p, len);
		h->cid_len = (uint8_t)len;
	}
	if (p->version >> 24 == 'Q')
		keep_chlo(h, cursor_init(plain, n));
	else
		frames(h, cursor_init(plain, n),
		       p->version >> 24 == 'T' ? FRAME_CRYPTO_GOOGLE : FRAME_CRYPTO);
}

static enum quic_status google(struct quic_hello *h, struct cursor datagram)
{
	uint32_t version;

	if (!google_header(datagram, &version))
		return QUIC_NO;
	h->version = h->version ? h->version : version;
	keep_chlo(h, datagram);
	return h->chlo ? QUIC_DONE : QUIC_MORE;
}

enum quic_status quic_hello_feed(struct quic_hello *h, struct cursor datagram)
{
	struct cursor c = datagram;
	struct quic_packet p;
	bool any = false;

	for (unsigned i = 0; i < PACKETS_MAX && cursor_left(&c) && quic_packet(&c, &p); i++) {
		any = true;
		h->version = h->version ? h->version : p.version;
		if (p.type == QUIC_INITIAL && !whole(h))
			initial(h, &p);
	}
	if (!any)
		return google(h, datagram);
	return whole(h) ? QUIC_DONE : QUIC_MORE;
}

void quic_hello_emit(const struct quic_hello *h, const struct app_sink *sink)
{
	struct cursor c = cursor_init(h->bytes, h->len);
	char text[QUIC_VERSION_TEXT_MAX];

	if (h->version)
		app_fact(sink, FACT_QUIC_VERSION, text, quic_version_text(text, h->version));
	if (h->chlo) {
		c = quic_chlo_tag(c, "SNI\0");
		app_fact(sink, FACT_SNI, c.p, cursor_left(&c));
		return;
	}
	if (cursor_u8(&c) != TLS_CLIENT_HELLO)
		return;
	cursor_limit(&c, cursor_be24(&c));
	if (!c.bad)
		tls_client_hello(c, TLS_OVER_QUIC, sink);
}
