/* SPDX-License-Identifier: MIT */
#include "flow/tcp/sack.h"

#include <string.h>

#include "flow/table_private.h"
#include "flow/tcp/tcp.h"

enum { WINDOW_MAX = 1 << 30 }; /* RFC 7323 2.3 */

/* RFC 2883 4: the first block lies below the ack, or within the second block. */
static bool is_duplicate(const struct packet_tcp *h)
{
	const struct sack_block *b = h->sack;

	if (seq_after(h->ack, b[0].left))
		return true;
	return h->sack_count > 1 && !seq_after(b[1].left, b[0].left) &&
	       !seq_after(b[0].right, b[1].right);
}

static bool is_sound(const struct sack_block *b)
{
	return seq_after(b->right, b->left) && b->right - b->left <= WINDOW_MAX;
}

static void drop(struct sack_seen *s, unsigned i)
{
	s->count--;
	memmove(s->range + i, s->range + i + 1, (s->count - i) * sizeof(*s->range));
}

/* Octets of [left, right) that no range holds. */
static uint32_t news(const struct sack_seen *s, uint32_t left, uint32_t right)
{
	uint32_t n = right - left;

	for (unsigned i = 0; i < s->count; i++) {
		uint32_t from = seq_after(s->range[i].left, left) ? s->range[i].left : left;
		uint32_t to = seq_after(right, s->range[i].right) ? s->range[i].right : right;

		if (seq_after(to, from))
			n -= to - from;
	}
	return n;
}

/* Ranges stay apart: those that touch the new one become part of it. */
static void insert(struct sack_seen *s, uint32_t left, uint32_t right)
{
	for (unsigned i = 0; i < s->count;) {
		if (seq_after(s->range[i].left, right) || seq_after(left, s->range[i].right)) {
			i++;
			continue;
		}
		if (seq_after(left, s->range[i].left))
			left = s->range[i].left;
		if (seq_after(s->range[i].right, right))
			right = s->range[i].right;
		drop(s, i);
	}
	if (s->count == SACK_RANGES)
		drop(s, 0); /* the oldest: most likely to be acknowledged soon */
	s->range[s->count++] = (struct hole){left, right};
}

/* What is acknowledged needs no range any more. */
static void forget_acked(struct sack_seen *s, uint32_t ack)
{
	for (unsigned i = 0; i < s->count;) {
		if (seq_after(s->range[i].right, ack))
			i++;
		else
			drop(s, i);
	}
}

void sack_blocks(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	const struct packet_tcp *h = &p->tcp;
	struct sack_seen *s = &flow_rare_of(t, f)->sack[!d];
	unsigned first = 0;

	if (!(h->flags & TCP_ACK))
		return;
	forget_acked(s, h->ack);
	if (is_sound(&h->sack[0]) && is_duplicate(h)) {
		s->duplicates++;
		s->duplicate_bytes += h->sack[0].right - h->sack[0].left;
		first = 1;
	}
	for (unsigned i = first; i < h->sack_count; i++) {
		const struct sack_block *b = &h->sack[i];

		/* Below the ack it is an old report that was overtaken. */
		if (!is_sound(b) || !seq_after(b->left, h->ack))
			continue;
		s->bytes += news(s, b->left, b->right);
		insert(s, b->left, b->right);
	}
}

static bool touches_hole(const struct flow_rare *r, int d, uint32_t left, uint32_t right)
{
	for (unsigned i = 0; i < FLOW_HOLES; i++) {
		const struct hole *h = &r->holes[d][i];

		if (h->left != h->right && seq_after(right, h->left) && seq_after(h->right, left))
			return true;
	}
	return false;
}

void sack_retransmission(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	uint32_t ack = flow_cold_of(t, f)->tcp.last_ack[!d], left = p->tcp.seq;
	uint32_t right = left + p->payload_bytes;
	struct flow_rare *r = flow_rare_of(t, f);

	/* What fills a hole had not passed the tap: it is no proof of a second copy. */
	if (left == right || touches_hole(r, d, left, right))
		return;
	if (ack && seq_after(ack, left))
		left = ack;
	if (!seq_after(right, left) || !news(&r->sack[d], left, right))
		r->sack[d].needless++;
}
