/* SPDX-License-Identifier: MIT
 *
 * TCP (RFC 9293), with the options that analysis needs: MSS, window scale and timestamps (RFC
 * 7323), SACK (RFC 2018), fast open (RFC 7413), multipath (RFC 8684).
 * The header's diagram is in tcp_header.h.
 */
#include "decode/decoders.h"
#include "decode/tcp_header.h"

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_SACK = 5,
	OPTION_TIMESTAMP = 8,
	OPTION_MPTCP = 30,
	OPTION_FAST_OPEN = 34,
	OPTION_EXPERIMENT = 254, /* fast open, while it was one: magic f989 */
	FAST_OPEN_MAGIC = 0xf989
};

static void sack(struct packet_tcp *t, struct cursor *c)
{
	t->sack_count = 0;
	while (cursor_left(c) >= 8 && t->sack_count < PACKET_MAX_SACK) {
		t->sack[t->sack_count].left = cursor_be32(c);
		t->sack[t->sack_count++].right = cursor_be32(c);
	}
}

/* RFC 8684 3.1 and 3.2: the sender's key, unless the SYN of version 1 leaves it out; the token of who is joined. */
static void mptcp(struct packet_tcp *t, struct cursor c)
{
	enum { CAPABLE, JOIN };
	size_t len = cursor_left(&c);
	uint8_t first = cursor_u8(&c);

	t->mptcp = true;
	cursor_skip(&c, 1);
	if (first >> 4 == CAPABLE && len >= 10) {
		t->mptcp_version = first & 15;
		t->mptcp_key = (uint64_t)cursor_be32(&c) << 32;
		t->mptcp_key |= cursor_be32(&c);
		t->mptcp_has_key = !c.bad;
	} else if (first >> 4 == JOIN && (t->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		t->mptcp_token = cursor_be32(&c);
		t->mptcp_has_token = !c.bad;
	}
}

/* One option's body; a wrong length leaves c bad. */
static void option(struct packet_tcp *t, uint8_t kind, struct cursor *c)
{
	switch (kind) {
	case OPTION_MSS: t->mss = cursor_be16(c); break;
	case OPTION_SCALE: t->window_scale = cursor_u8(c); break;
	case OPTION_SACK_PERMITTED: t->sack_permitted = true; break;
	case OPTION_SACK: sack(t, c); break;
	case OPTION_TIMESTAMP:
		t->ts_value = cursor_be32(c);
		t->ts_echo = cursor_be32(c);
		t->has_timestamp = !c->bad;
		break;
	case OPTION_MPTCP: mptcp(t, *c); break;
	case OPTION_FAST_OPEN: t->fast_open = true; break;
	case OPTION_EXPERIMENT:
		t->fast_open |= cursor_left(c) >= 2 && cursor_be16(c) == FAST_OPEN_MAGIC;
		break;
	}
}

bool tcp_read_options(struct packet_tcp *t, struct cursor c)
{
	while (cursor_left(&c)) {
		uint8_t kind = cursor_u8(&c), len;
		struct cursor value;

		if (kind == OPTION_END)
			return true;
		if (kind == OPTION_NOP)
			continue;
		len = cursor_u8(&c);
		if (len < 2)
			return false;
		value = cursor_sub(&c, len - 2u);
		if (!value.bad)
			option(t, kind, &value);
		if (value.bad)
			return false;
	}
	return !c.bad;
}

static void read_options(struct decode *d, uint32_t len)
{
	struct packet *p = d->packet;
	struct packet_tcp *t = &p->tcp;
	const uint8_t *o = cursor_peek(&d->c, len);

	if (!o) {
		tcp_read_options(t, d->c);
		packet_anomaly(p, ANOMALY_CUT);
	} else if (!tcp_read_timestamp(t, o, len) && !tcp_read_options(t, cursor_init(o, len))) {
		packet_anomaly(p, ANOMALY_TCP_OPTIONS);
	}
}

enum decode_status dec_tcp(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *h = cursor_peek(&d->c, TCP_HEADER);
	uint32_t header;

	if (!h)
		return decode_short_ports(d, ANOMALY_TCP_HEADER);
	packet_transport(d, h);
	cursor_skip(&d->c, TCP_HEADER);
	packet_ports(p, load_be16(h), load_be16(h + 2));
	tcp_read_header(&p->tcp, h);
	p->has_tcp = true;
	if (tcp_odd_flags(p->tcp.flags))
		packet_anomaly(p, ANOMALY_TCP_FLAGS);
	header = (h[12] >> 4) * 4u;
	if (header < TCP_HEADER || header - TCP_HEADER > layer_left(d)) {
		packet_anomaly(p, ANOMALY_TCP_HEADER);
		layer_limit(d, 0);
	} else if (header > TCP_HEADER) {
		read_options(d, header - TCP_HEADER);
		layer_skip(d, header - TCP_HEADER);
	}
	packet_payload(d);
	return DECODE_DONE;
}
