/* SPDX-License-Identifier: MIT
 *
 *   chunk: type (1) | flags (1) | length, this header included (2) | value, padded to 4
 *   INIT:  tag (4) | window (4) | outbound streams (2) | inbound streams (2) | first number (4) |
 * parameters parameter: type (2) | length, this header included (2) | value, padded to 4
 */
#include "decode/sctp.h"

enum {
	HEADER = 4,
	PARAMETER_IPV4 = 5,
	PARAMETER_IPV6 = 6,
};

/* The value of what has a length and is padded to 4 bytes; the last one may lack its padding. */
static bool padded(struct cursor *c, uint16_t length, struct cursor *value)
{
	unsigned n = length - HEADER, padding = -length & 3;

	if (length < HEADER)
		return false;
	*value = cursor_sub(c, n);
	cursor_skip(c, padding < cursor_left(c) ? padding : cursor_left(c));
	return !c->bad;
}

bool sctp_next(struct cursor *c, struct sctp_chunk *out)
{
	out->type = cursor_u8(c);
	out->flags = cursor_u8(c);
	return padded(c, cursor_be16(c), &out->value);
}

static void take_addr(struct sctp_init *out, uint16_t type, struct cursor value)
{
	size_t n = type == PARAMETER_IPV4 ? 4 : 16;
	const uint8_t *bytes = cursor_bytes(&value, n);

	if ((type != PARAMETER_IPV4 && type != PARAMETER_IPV6) || !bytes)
		return;
	if (out->addr_count < SCTP_ADDRS_MAX)
		out->addr[out->addr_count++] = n == 4 ? addr_v4(bytes) : addr_v6(bytes);
}

bool sctp_init_parse(struct cursor c, struct sctp_init *out)
{
	struct cursor value;
	uint16_t type;

	*out = (struct sctp_init){.tag = cursor_be32(&c)};
	cursor_skip(&c, 4);
	out->streams_out = cursor_be16(&c);
	out->streams_in = cursor_be16(&c);
	cursor_skip(&c, 4);
	if (c.bad)
		return false;
	while (cursor_left(&c)) {
		type = cursor_be16(&c);
		if (!padded(&c, cursor_be16(&c), &value))
			break;
		take_addr(out, type, value);
	}
	return true;
}
