/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp_loss.h"

#include <string.h>

#include "flow/table_private.h"
#include "flow/tcp/tcp.h"

static void open_hole(struct flow_rare *r, int d, uint32_t left, uint32_t right)
{
	struct hole *holes = r->holes[d];

	/* Oldest first; an empty place is as good as an old one and costs nothing. */
	r->missing_bytes[d] += holes[0].right - holes[0].left;
	memmove(holes, holes + 1, (FLOW_HOLES - 1) * sizeof(*holes));
	holes[FLOW_HOLES - 1] = (struct hole){left, right};
}

/* What [left, right) leaves of a hole; a piece cut out of its middle is kept as a new hole. */
static void fill_hole(struct flow_rare *r, int d, unsigned i, uint32_t left, uint32_t right)
{
	struct hole *h = &r->holes[d][i];
	struct hole rest = {right, h->right};

	if (h->left == h->right || !seq_after(right, h->left) || !seq_after(h->right, left))
		return;
	if (!seq_after(left, h->left)) { /* its beginning, or all of it */
		h->left = seq_after(h->right, right) ? right : h->right;
		return;
	}
	h->right = left;
	if (seq_after(rest.right, rest.left))
		open_hole(r, d, rest.left, rest.right);
}

void tcp_loss_segment(struct flow_table *table, struct flow *f, int d, const struct packet *p,
		      enum tcp_came how)
{
	uint32_t seq = p->tcp.seq, end = seq + p->payload_bytes;
	uint32_t next = tcp_highest_seq(table, f, d);
	struct flow_rare *r;

	if (!next || (p->tcp.flags & TCP_RST))
		return;
	if (seq_after(seq, next)) {
		r = flow_rare_of(table, f);
		open_hole(r, d, next, seq);
		reordering_jump(&r->reordering[d], next, seq, f->packets[d]);
		return;
	}
	if (p->payload_bytes == 0)
		return;
	r = flow_rare_of(table, f);
	if (how == TCP_CAME_LATE)
		reordering_late(&r->reordering[d], seq, f->packets[d]);
	if (how == TCP_CAME_AGAIN)
		r->retransmitted_bytes[d] += seq_after(end, next) ? next - seq : end - seq;
	for (unsigned i = 0; i < FLOW_HOLES; i++)
		fill_hole(r, d, i, seq, end);
}

uint64_t tcp_missing_bytes(const struct flow_rare *r, int d)
{
	uint64_t sum = r->missing_bytes[d];

	for (unsigned i = 0; i < FLOW_HOLES; i++)
		sum += r->holes[d][i].right - r->holes[d][i].left;
	return sum;
}
