/* SPDX-License-Identifier: MIT
 *
 * Long headers of QUIC (RFC 9000 17.2).
 *
 *   first byte: 1 | 1 (but in version negotiation) | type (2 bits) | 4 bits, protected
 *   version (4) | length (1), destination id | length (1), source id | by type:
 *     Initial:           token length (v), token | length (v) | packet number and payload
 *     0-RTT, Handshake:  length (v) | packet number and payload
 *     Retry:             token, tag
 *     negotiation:       versions (4 each)
 *   (v): an integer of 1, 2, 4 or 8 bytes; its first two bits say which
 */
#include "decode/quic.h"

#include <stdio.h>

#include "decode/quic_varint.h"

enum { LONG = 0x80, FIXED = 0x40, V2 = 0x6b3343cf, DRAFT = 0xff0000, GREASE = 0x0a0a0a0a };

/* "Q050" and "T051" as bytes. */
static bool is_google(uint32_t v)
{
	uint8_t first = (uint8_t)(v >> 24), tens = (uint8_t)(v >> 8), ones = (uint8_t)v;

	return (first == 'Q' || first == 'T') && (v >> 16 & 0xff) == '0' && tens >= '0' &&
	       tens <= '9' && ones >= '0' && ones <= '9';
}

static bool is_draft(uint32_t v)
{
	return v >> 8 == DRAFT && (v & 0xff) <= 34;
}

bool quic_is_reserved(uint32_t v)
{
	return (v & 0x0f0f0f0f) == GREASE;
}

/* Versions with this header: Google's took it up with 050, and Facebook's are drafts. */
static bool known(uint32_t v)
{
	return v == 1 || v == V2 || is_draft(v) || (is_google(v) && (v >> 8 & 0xff) >= '5') ||
	       v >> 4 == 0xfaceb00 || quic_is_reserved(v);
}

size_t quic_version_text(char out[QUIC_VERSION_TEXT_MAX], uint32_t v)
{
	int n;

	if (v == 1 || v == V2)
		n = snprintf(out, QUIC_VERSION_TEXT_MAX, "v%d", v == V2 ? 2 : 1);
	else if (is_draft(v))
		n = snprintf(out, QUIC_VERSION_TEXT_MAX, "draft-%u", v & 0xff);
	else if (is_google(v))
		n = snprintf(out, QUIC_VERSION_TEXT_MAX, "%c%c%c%c", (int)(v >> 24),
			     (int)(v >> 16 & 0xff), (int)(v >> 8 & 0xff), (int)(v & 0xff));
	else
		n = snprintf(out, QUIC_VERSION_TEXT_MAX, "0x%08x", v);
	return (size_t)n;
}

static enum quic_type type_of(uint8_t first, uint32_t version)
{
	unsigned bits = first >> 4 & 3;

	if (version == 0)
		return QUIC_NEGOTIATION;
	/* Version 2 turned the numbers by one, so that nobody comes to rely on them. */
	return (enum quic_type)(version == V2 ? (bits + 3) % 4 : bits);
}

static struct cursor connection_id(struct cursor *c)
{
	return cursor_sub(c, cursor_u8(c));
}

/* The length field, and the payload after it or what the snap length left of it. */
static void payload(struct cursor *c, const uint8_t *start, struct quic_packet *p)
{
	uint64_t n;

	if (p->type == QUIC_INITIAL) {
		n = quic_varint(c);
		cursor_skip(c, n < cursor_left(c) ? (size_t)n : SIZE_MAX);
	}
	n = quic_varint(c);
	p->number_at = (size_t)(c->p - start);
	cursor_skip(c, n < cursor_left(c) ? (size_t)n : cursor_left(c));
}

/* The first byte and a version of 0 say little; a list of versions with one that exists says more.
 */
static bool negotiation(struct cursor *c)
{
	bool sane = false;

	while (cursor_left(c))
		sane |= known(cursor_be32(c));
	return sane && !c->bad;
}

static bool rest(struct cursor *c, const uint8_t *start, struct quic_packet *p)
{
	if (p->type == QUIC_NEGOTIATION)
		return negotiation(c);
	if (p->type == QUIC_RETRY)
		cursor_skip(c, cursor_left(c));
	else
		payload(c, start, p);
	return !c->bad;
}

bool quic_packet(struct cursor *c, struct quic_packet *p)
{
	const uint8_t *start = c->p;
	uint8_t first = cursor_u8(c);

	p->version = cursor_be32(c);
	p->type = type_of(first, p->version);
	p->number_at = 0;
	if (c->bad || !(first & LONG) || (p->version && !(first & FIXED && known(p->version))))
		return false;
	p->dcid = connection_id(c);
	p->scid = connection_id(c);
	if (cursor_left(&p->dcid) > QUIC_CID_MAX || cursor_left(&p->scid) > QUIC_CID_MAX)
		return false;
	if (!rest(c, start, p))
		return false;
	p->all = cursor_init(start, (size_t)(c->p - start));
	return true;
}
