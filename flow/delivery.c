/* SPDX-License-Identifier: MIT */
#include "flow/delivery.h"

#include "flow/state.h"
#include "flow/table_private.h"
#include "flow/tcp.h"
#include "flow/tcp_path.h"

/* RFC 7323 2.3: no window is larger. Acks further away answer other numbers: a box rewrote them. */
enum { WINDOW_MAX = 1 << 30 };

/* Octets of one direction that are not known as delivered, by what is known of them. */
struct gaps {
	uint64_t lost, unacked, unseen;
	bool foreign; /* the acks are not about this data */
};


/* [left, right) was not seen; what lies below `ack` was acknowledged all the same. */
static void add_hole(struct gaps *g, uint32_t left, uint32_t right, uint32_t ack)
{
	uint32_t middle = seq_after(ack, left) ? (seq_after(ack, right) ? right : ack) : left;

	g->unseen += middle - left;
	g->lost += right - middle;
}

static struct gaps gaps_of(const struct flow_table *t, const struct flow *f, int d, uint32_t ack)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	const struct flow_rare *r = flow_rare_peek(t, f);
	uint32_t end = tcp_highest_seq(t, f, d);
	struct gaps g = {0, 0, 0, false};

	tcp_path_data_end(t, c, d, &end);
	for (unsigned i = 0; r && i < FLOW_HOLES; i++)
		add_hole(&g, r->holes[d][i].left, r->holes[d][i].right, ack);
	g.foreign = end - ack + WINDOW_MAX > 2u * WINDOW_MAX;
	if (seq_after(end, ack) && end - ack > g.lost) /* open holes beyond the ack are lost */
		g.unacked = end - ack - g.lost;
	else if (seq_after(ack, end + 1)) /* one more is the FIN's */
		g.unseen += ack - end;
	if (r)
		*(g.unacked ? &g.lost : &g.unseen) += r->missing_bytes[d]; /* forgotten holes */
	return g;
}

static const char *why_unknown(const struct flow_table *t, const struct flow *f, int d, bool has_fin)
{
	const struct flow_cold *c = flow_cold_of(t, f);

	if (!f->packets[d] || !f->packets[!d])
		return "one_way";
	if (!(c->tcp.flags[d] & TCP_HAS_SYN))
		return "midstream";
	if (has_fin)
		return NULL;
	if (state_reset(c))
		return "reset";
	return f->flags & FLOW_ENDED && c->end_reason == FLOW_END_RUN ? "cut" : "no_end";
}

struct delivery delivery_of(const struct flow_table *t, const struct flow *f, int d)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	struct delivery out = {"", "", ROW_ABSENT};
	uint32_t ack, fin;
	struct gaps g;

	if (f->key.proto != PROTO_TCP)
		return out;
	out.reason = why_unknown(t, f, d, tcp_path_data_end(t, c, d, &fin));
	out.verdict = out.reason ? "unknown" : "incomplete";
	if (!(c->tcp.flags[d] & TCP_HAS_BASE) || !f->packets[d])
		return out;
	if (!tcp_path_high_ack(t, c, !d, &ack) || seq_after(c->base_seq[d] + 1, ack))
		ack = c->base_seq[d] + 1;
	g = gaps_of(t, f, d, ack);
	if (g.foreign) {
		out.verdict = "unknown";
		out.reason = out.reason ? out.reason : "rewritten";
		return out;
	}
	out.undelivered_bytes = (int64_t)(g.lost + g.unacked + g.unseen);
	if (out.reason)
		return out;
	if (!out.undelivered_bytes)
		out.verdict = "complete";
	out.reason = g.lost ? "lost" : g.unacked ? "unacknowledged" : g.unseen ? "unseen" : "";
	return out;
}
