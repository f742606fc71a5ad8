/* SPDX-License-Identifier: MIT */
#include "flow/app/dns_tcp.h"

#include <string.h>

/* Bytes that only have to pass, seen or not; false when they are not of this message. */
static bool pass(struct dns_tcp_side *s, uint32_t n)
{
	if (n > s->left)
		return false;
	s->left = (uint16_t)(s->left - n);
	return true;
}

/* The head is whole. False when its length is none. */
static bool begin(struct dns_tcp *t, struct dns_tcp_side *s, int64_t time_ns)
{
	struct cursor head = cursor_init(s->head, sizeof(s->head));
	uint16_t length = cursor_be16(&head);

	if (length < cursor_left(&head))
		return false;
	s->left = (uint16_t)(length - cursor_left(&head));
	s->have = 0;
	dns_flow_message(&t->flow, head, time_ns);
	return true;
}

static bool take(struct dns_tcp *t, struct dns_tcp_side *s, struct cursor c, int64_t time_ns)
{
	while (cursor_left(&c)) {
		size_t n = s->left ? s->left : (size_t)(DNS_TCP_HEAD - s->have);

		if (n > cursor_left(&c))
			n = cursor_left(&c);
		if (s->left) {
			cursor_skip(&c, n);
			pass(s, (uint32_t)n);
			continue;
		}
		memcpy(s->head + s->have, c.p, n);
		cursor_skip(&c, n);
		s->have = (uint8_t)(s->have + n);
		if (s->have == DNS_TCP_HEAD && !begin(t, s, time_ns))
			return false;
	}
	return true;
}

void dns_tcp_segment(struct dns_tcp *t, int d, const struct packet *p)
{
	struct dns_tcp_side *s = &t->side[d];
	struct tcp_piece piece;

	if (s->lost || !tcp_reader_take(&s->reader, p, &piece))
		return;
	s->lost = !pass(s, piece.before) || !take(t, s, piece.bytes, p->time_ns) ||
		  !pass(s, piece.after);
}
