/* SPDX-License-Identifier: MIT */
#include "flow/tcp/delivery.h"

#include "flow/tcp/state.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp.h"
#include "flow/tcp/tcp_path.h"

/* RFC 7323 2.3: no window is larger. Acks further away answer other numbers: a box rewrote them. */
enum { WINDOW_MAX = 1 << 30 };

const char delivery_verdicts[][sizeof(((struct flow_end_row *)0)->delivery)] = {
#define X(id, name) name,
	DELIVERY_VERDICT_ROWS(X)
#undef X
};

const char delivery_reasons[][sizeof(((struct flow_end_row *)0)->delivery_reason)] = {
#define X(id, name) name,
	DELIVERY_REASON_ROWS(X)
#undef X
};

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

	tcp_path_data_end(c, d, &end);
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

static enum delivery_reason why_unknown(const struct flow_table *t, const struct flow *f, int d,
					bool has_fin)
{
	const struct flow_cold *c = flow_cold_of(t, f);

	if (!f->packets[d] || !f->packets[!d])
		return DELIVERY_WHY_ONE_WAY;
	if (!(c->tcp.flags[d] & TCP_HAS_SYN))
		return DELIVERY_WHY_MIDSTREAM;
	if (has_fin)
		return DELIVERY_WHY_NONE;
	if (state_reset(c))
		return DELIVERY_WHY_RESET;
	if (f->flags & FLOW_ENDED && f->end_reason == FLOW_END_RUN)
		return DELIVERY_WHY_CUT;
	return DELIVERY_WHY_NO_END;
}

struct delivery delivery_of(const struct flow_table *t, const struct flow *f, int d)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	struct delivery out = {DELIVERY_NONE, DELIVERY_WHY_NONE, ROW_ABSENT};
	uint32_t ack, fin;
	struct gaps g;

	if (f->key.proto != PROTO_TCP)
		return out;
	out.reason = why_unknown(t, f, d, tcp_path_data_end(c, d, &fin));
	out.verdict = out.reason ? DELIVERY_UNKNOWN : DELIVERY_INCOMPLETE;
	if (!(c->tcp.flags[d] & TCP_HAS_BASE) || !f->packets[d])
		return out;
	if (!tcp_path_high_ack(c, !d, &ack) || seq_after(c->path.base_seq[d] + 1, ack))
		ack = c->path.base_seq[d] + 1;
	g = gaps_of(t, f, d, ack);
	if (g.foreign) {
		out.verdict = DELIVERY_UNKNOWN;
		out.reason = out.reason ? out.reason : DELIVERY_WHY_REWRITTEN;
		return out;
	}
	out.undelivered_bytes = (int64_t)(g.lost + g.unacked + g.unseen);
	if (out.reason)
		return out;
	if (!out.undelivered_bytes)
		out.verdict = DELIVERY_COMPLETE;
	if (g.lost)
		out.reason = DELIVERY_WHY_LOST;
	else if (g.unacked)
		out.reason = DELIVERY_WHY_UNACKNOWLEDGED;
	else if (g.unseen)
		out.reason = DELIVERY_WHY_UNSEEN;
	return out;
}
