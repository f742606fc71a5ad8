/* SPDX-License-Identifier: MIT
 *
 * The Internet checksum (RFC 1071) of IPv4 headers, TCP, UDP, ICMP and ICMPv6.
 *
 * A wrong sum is damage only when the sender's last word was captured. A host that lets the card
 * fill in the sum is captured before that, with the sum of the pseudo-header in its place; a
 * fragment, a cut frame or a frame that is yet to be segmented cannot be summed at all. All these
 * are told from damage.
 */
#ifndef SOCKLENS_DECODE_CHECKSUM_H
#define SOCKLENS_DECODE_CHECKSUM_H

#include <stdint.h>
#include <string.h>

#include "base/cursor.h"
#include "decode/packet.h"

enum checksum {
	CHECKSUM_NONE,	   /* there is none, or it cannot be verified */
	CHECKSUM_UNFILLED, /* left to the network card, which comes after the capture */
	CHECKSUM_GOOD,
	CHECKSUM_BAD
};

/*
 * Adds bytes to a sum that fold() ends. The sum is that of 16-bit words as they lie in memory: the
 * same on every machine once it is stored. Only the last piece may have an odd number of bytes.
 */
uint64_t checksum_add(uint64_t sum, struct cursor c);

/*
 * One's complement of 16 bits: 0xffff over data that includes its own checksum, if it is right.
 * To a number is added itself with its halves swapped: then the upper half holds the sum of both,
 * and the carry out of the lower half, where the same was added, came back to it.
 */
static inline uint16_t checksum_fold(uint64_t sum)
{
	uint32_t half = (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);

	return (uint16_t)((half + (half << 16 | half >> 16)) >> 16);
}

/* The sum of 20 bytes, an IPv4 header without options: nearly every frame has one. */
static inline uint64_t checksum_add20(const uint8_t *p)
{
	uint32_t w[5];

	memcpy(w, p, sizeof(w));
	return (uint64_t)w[0] + w[1] + w[2] + w[3] + w[4];
}

/* A whole IPv4 header, options included. */
enum checksum checksum_ipv4(struct cursor header);

/* The transport checksum of a decoded packet; reads every byte of the segment. */
enum checksum checksum_transport(const struct packet *p);

/* Note a bad transport checksum in the packet's anomalies. */
void checksum_verify(struct packet *p);

#endif
