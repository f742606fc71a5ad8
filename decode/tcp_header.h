/* SPDX-License-Identifier: MIT
 *
 * Reading a TCP header (RFC 9293 3.1), for its decoder and for the straight path.
 *
 *   source port (2) | destination port (2)
 *   sequence number (4)
 *   acknowledgement number (4)
 *   header words (4 bits), reserved (4), flags (8) | window (2)
 *   checksum (2) | urgent pointer (2)
 *   options
 */
#ifndef SOCKLENS_DECODE_TCP_HEADER_H
#define SOCKLENS_DECODE_TCP_HEADER_H

#include "decode/layer.h"

enum { TCP_HEADER = 20 };

/* All of *t that is read before an option says so. */
static inline void tcp_read_header(struct packet_tcp *t, const uint8_t *h)
{
	t->seq = load_be32(h + 4);
	t->ack = load_be32(h + 8);
	t->flags = h[13];
	t->window = load_be16(h + 14);
	t->urgent = load_be16(h + 18);
	t->mss = 0;
	t->window_scale = TCP_NO_SCALE;
	t->sack_count = 0;
	t->has_timestamp = t->sack_permitted = t->fast_open = t->mptcp = false;
	t->mptcp_has_key = t->mptcp_has_token = false;
}

static inline bool tcp_odd_flags(uint8_t flags)
{
	if (flags & TCP_SYN)
		return flags & (TCP_FIN | TCP_RST);
	return !(flags & (TCP_FIN | TCP_RST | TCP_ACK));
}

/* NOP NOP timestamp (RFC 7323 appendix A): what nearly every segment of a connection has. */
static inline bool tcp_read_timestamp(struct packet_tcp *t, const uint8_t *o, uint32_t len)
{
	static const uint32_t only_timestamp = 0x0101080a;

	if (len != 12 || load_be32(o) != only_timestamp)
		return false;
	t->ts_value = load_be32(o + 4);
	t->ts_echo = load_be32(o + 8);
	t->has_timestamp = true;
	return true;
}

/* The options; false when one lies about its length. */
bool tcp_read_options(struct packet_tcp *t, struct cursor options);

#endif
