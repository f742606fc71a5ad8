/* SPDX-License-Identifier: MIT
 *
 * Integers of variable length (RFC 9000 16).
 */
#ifndef SOCKLENS_DECODE_QUIC_VARINT_H
#define SOCKLENS_DECODE_QUIC_VARINT_H

#include <stdint.h>

#include "base/cursor.h"

static inline uint64_t quic_varint(struct cursor *c)
{
	uint64_t v = cursor_u8(c);
	unsigned more = (1u << (v >> 6)) - 1;

	v &= 0x3f;
	while (more--)
		v = v << 8 | cursor_u8(c);
	return c->bad ? 0 : v;
}

#endif
