/* SPDX-License-Identifier: MIT */
#include "flow/rows/row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow/join/delays.h"
#include "flow/tcp/delivery.h"
#include "flow/app/follow.h"
#include "flow/join/ledger.h"
#include "flow/tcp/state.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp.h"
#include "flow/tcp/tcp_path.h"
#include "flow/tcp/tcp_rtt.h"
#include "flow/tcp/tcp_waits.h"
#include "flow/join/verdict.h"

const char *match_name(enum match_quality m)
{
	static const char *const names[] = {
#define X(id, name) [MATCH_##id] = name,
		MATCH_ROWS(X)
#undef X
	};

	return names[m];
}

const char *unbound_name(enum unbound_reason r)
{
	static const char *const names[] = {
#define X(id, name) [UNBOUND_##id] = name,
		UNBOUND_ROWS(X)
#undef X
	};

	return names[r];
}

/* Names of ours fill the place that they are copied to: no call, and no length to find. */
static const char end_names[][sizeof(((struct flow_row *)0)->end_reason)] = {
	[FLOW_END_FIN] = "fin",	      [FLOW_END_RST] = "rst", [FLOW_END_IDLE] = "idle",
	[FLOW_END_REUSED] = "reused", [FLOW_END_CAP] = "cap", [FLOW_END_RUN] = "end",
};

/* --- texts ---------------------------------------------------------------------------------------- */

void row_clear_texts(struct flow_row *row)
{
	memset(row->fact, 0, sizeof(row->fact));
	row->src.name = row->dst.name = 0;
	row->texts[0] = '\0';
	row->texts_len = 1;
}

/* n bytes and a NUL at place `at`, which is the end of the texts but for the NUL that it may overwrite. */
static void put_at(struct flow_row *row, size_t at, const char *text, size_t n)
{
	memcpy(row->texts + at, text, n);
	row->texts[at + n] = '\0';
	row->texts_len = (uint16_t)(at + n + 1);
}

uint16_t row_put_text(struct flow_row *row, const char *text, size_t n)
{
	uint16_t at = row->texts_len ? row->texts_len : 1; /* a zeroed row is an empty one */

	if (n >= sizeof(row->texts) - at)
		return 0;
	put_at(row, at, text, n);
	return at;
}

void row_more_text(struct flow_row *row, char separator, const char *text, size_t n)
{
	if (row->texts_len < 2 || n >= sizeof(row->texts) - row->texts_len)
		return;
	row->texts[row->texts_len - 1] = separator;
	put_at(row, row->texts_len, text, n);
}

/* --- from a flow ---------------------------------------------------------------------------------- */

static bool has_ports(const struct flow *f)
{
	return !(f->flags & FLOW_NO_PORTS) && f->key.proto != PROTO_ICMP &&
	       f->key.proto != PROTO_ICMPV6;
}

/* A call on purpose: compilers make "rep stos" of a size that they know, which takes long to start. */
static __attribute__((noinline)) void put_zeros(int64_t *v, size_t n)
{
	memset(v, 0, n * sizeof(*v));
}

static void fill_tcp(struct flow_end_row *e, const struct flow_rare *r, int d)
{
	if (!r) {
		put_zeros(e->tcp, TCP_COUNTERS);
		e->missing_bytes = e->retransmitted_bytes = 0;
		e->sack = (struct sack_row){0};
		return;
	}
	for (unsigned i = 0; i < TCP_COUNTERS; i++)
		e->tcp[i] = r->tcp[d][i];
	e->missing_bytes = (int64_t)tcp_missing_bytes(r, d);
	e->retransmitted_bytes = (int64_t)r->retransmitted_bytes[d];
	e->sack.sacked_bytes = (int64_t)r->sack[d].bytes;
	e->sack.dsack = r->sack[d].duplicates;
	e->sack.dsack_bytes = (int64_t)r->sack[d].duplicate_bytes;
	e->sack.needless_retransmission = r->sack[d].needless;
}

static void absent_tcp(struct flow_end_row *e)
{
	for (unsigned i = 0; i < TCP_COUNTERS; i++)
		e->tcp[i] = ROW_ABSENT;
	e->missing_bytes = e->retransmitted_bytes = ROW_ABSENT;
	e->sack = (struct sack_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
}

void row_put_reordering(struct reordering_row *out, const struct reordering *r, int64_t packets)
{
	out->packets = r->packets;
	out->ratio_ppm = out->packets && packets ? out->packets * 1000000 / packets : 0;
	out->extent_max = r->extent_max;
	out->triple = r->triple;
}

static void fill_reordering(struct flow_end_row *e, const struct flow_rare *r, int d)
{
	static const struct reordering none;

	row_put_reordering(&e->reordering, r ? &r->reordering[d] : &none, e->packets);
}

static void fill_delivery(struct flow_end_row *e, const struct flow_table *t, const struct flow *f,
			  int d)
{
	struct delivery delivery = delivery_of(t, f, d);

	memcpy(e->delivery, delivery_verdicts[delivery.verdict], sizeof(e->delivery));
	memcpy(e->delivery_reason, delivery_reasons[delivery.reason], sizeof(e->delivery_reason));
	e->undelivered_bytes = delivery.undelivered_bytes;
}

/* Beside the socket's own numbers. */
static void fill_seq(struct seq_row *seq, const struct flow_table *t, const struct flow *f, int d)
{
	const struct flow_cold *c = flow_cold_of(t, f);

	if (!(c->tcp.flags[d] & TCP_HAS_BASE))
		return;
	seq->first = (uint32_t)(c->path.base_seq[d] + 1);
	if (f->packets[d])
		seq->next = tcp_highest_seq(t, f, d);
}

/* What costs next to nothing. */
static void fill_end_basics(struct flow_end_row *e, const struct flow *f, int d)
{
	e->addr = f->key.addr[d];
	e->port = has_ports(f) ? f->key.port[d] : ROW_ABSENT;
	e->packets = f->packets[d];
	e->bytes = (int64_t)f->bytes[d];
	e->ip_bytes = (int64_t)f->ip_bytes[d];
	e->payload_bytes = (int64_t)f->payload_bytes[d];
	e->rate_bps = ROW_ABSENT;
}

static void fill_end_counters(struct flow_end_row *e, const struct flow_table *t,
			      const struct flow *f, int d)
{
	if (f->key.proto == PROTO_TCP)
		fill_tcp(e, flow_rare_peek(t, f), d);
	else
		absent_tcp(e);
}

static void fill_end(struct flow_end_row *e, const struct flow_table *t, const struct flow *f,
		     int d)
{
	const struct flow_rare *r = flow_rare_peek(t, f);

	fill_end_basics(e, f, d);
	e->fragments = r ? r->fragments[d] : 0;
	e->reordering = (struct reordering_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	if (f->key.proto == PROTO_TCP)
		fill_reordering(e, r, d);
	fill_end_counters(e, t, f, d);
	tcp_path_fill(e, t, f, d);
	fill_delivery(e, t, f, d);
	process_row_absent(&e->process, flow_binding(t, f, d)->reason);
	e->process.match = flow_binding(t, f, d)->match;
	e->no_socket = !e->process.match;
	ledger_absent(e);
	delays_absent(&e->delay);
	if (e->process.match && f->key.proto == PROTO_TCP)
		fill_seq(&e->seq, t, f, d);
}

static void fill_rtt(struct flow_row *row, const struct flow *f, const struct flow_cold *c)
{
	struct tcp_rtt rtt = {ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	bool shaken = f->key.proto == PROTO_TCP && c->tcp.flags[0] & TCP_HANDSHAKE_DONE;

	if (f->key.proto == PROTO_TCP)
		tcp_rtt_fill(&rtt, c);
	row->rtt_ns.handshake = shaken ? c->handshake_ns : ROW_ABSENT;
	row->rtt_ns.min = rtt.min;
	row->rtt_ns.avg = rtt.avg;
	row->rtt_ns.max = rtt.max;
	row->rtt_ns.samples = rtt.samples;
}

static void fill_icmp(struct flow_row *row, const struct flow_table *t, const struct flow *f)
{
	const struct flow_rare *r = flow_rare_peek(t, f);
	bool icmp = f->key.proto == PROTO_ICMP || f->key.proto == PROTO_ICMPV6;

	row->icmp_type = row->icmp_code = ROW_ABSENT;
	row->icmp_errors = r ? r->icmp_errors : 0;
	if (!icmp || f->flags & FLOW_NO_PORTS)
		return;
	row->icmp_type = f->key.port[f->originator];
	row->icmp_code = flow_key_is_one_way(&f->key) ? f->key.port[1] : 0;
}

static void fill_tags(struct flow_row *row, const struct tags *tags)
{
	row->vlan_count = row->tunnel_count = 0;
	if (!tags)
		return;
	row->vlan_count = tags->vlan_count;
	row->tunnel_count = tags->tunnel_count;
	memcpy(row->vlan, tags->vlan, sizeof(row->vlan));
	memcpy(row->tunnel, tags->tunnel, sizeof(row->tunnel));
}

static void fill_end_reason(struct flow_row *row, const struct flow *f, const struct flow_cold *c)
{
	enum flow_end why = state_reset(c) ? FLOW_END_RST : FLOW_END_FIN;

	row->closed = f->flags & (FLOW_ENDED | FLOW_CLOSED);
	row->end_reason[0] = 0;
	if (f->flags & FLOW_ENDED)
		why = (enum flow_end)f->end_reason;
	if (row->closed)
		memcpy(row->end_reason, end_names[why], sizeof(row->end_reason));
}

/* The parent as rows write their own id. */
static void fill_mptcp(struct flow_row *row, const struct flow_rare *r)
{
	bool known = r && r->mptcp_has_token;

	row->mptcp_token = known ? r->mptcp_token : ROW_ABSENT;
	row->mptcp_parent[0] = '\0';
	if (known && r->mptcp_parent)
		snprintf(row->mptcp_parent, sizeof(row->mptcp_parent), "%016" PRIx64, r->mptcp_parent);
}

static void fill_verdict(struct flow_row *row, const struct flow_table *t, const struct flow *f)
{
	struct tcp_waits waits;

	verdict_absent(&row->verdict);
	if (f->key.proto != PROTO_TCP)
		return;
	tcp_waits_of(&waits, t, f);
	verdict_frames(row, &waits, f->originator);
}

static void fill_basics(struct flow_row *row, const struct flow_table *t, const struct flow *f)
{
	const struct flow_cold *c = flow_cold_of(t, f);

	row->id = flow_id(t, f);
	row->start_ns = f->start_ns;
	row->end_ns = f->last_ns;
	row->duration_ns = f->last_ns - f->start_ns;
	row->proto = f->key.proto;
	row->ip_version = f->ip_version;
	row->originator = f->originator_by;
	row->plain = false; /* until all of the row is known */
	state_name(row->state, f, c);
	fill_end_reason(row, f, c);
	fill_rtt(row, f, c);
}

void flow_row_fill_basics(struct flow_row *row, const struct flow_table *t, const struct flow *f,
			  bool counters)
{
	struct flow_end_row *ends[2] = {&row->src, &row->dst};

	fill_basics(row, t, f);
	for (int i = 0; i < 2; i++) {
		int d = i ^ f->originator;

		fill_end_basics(ends[i], f, d);
		if (counters)
			fill_end_counters(ends[i], t, f, d);
	}
}

void flow_row_fill(struct flow_row *row, const struct flow_table *t, const struct flow *f)
{
	const struct flow_cold *c = flow_cold_of(t, f);

	fill_basics(row, t, f);
	community_id(row->community_id, &f->key, !(f->flags & FLOW_NO_PORTS), 0);
	fill_end(&row->src, t, f, f->originator);
	fill_end(&row->dst, t, f, !f->originator);
	state_history(row->history, f, c, flow_rare_peek(t, f));
	fill_icmp(row, t, f);
	fill_tags(row, tags_get(&t->tags, c->path.tags));
	row->interface[0] = 0;
	fill_mptcp(row, flow_rare_peek(t, f));
	fill_verdict(row, t, f);
	row->app[0] = '\0';
	if (f->app)
		strcpy(row->app, inspect_app(f));
	row_clear_texts(row);
	facts_fill(row, inspect_facts(&t->inspector, c), f->originator);
	follow_fill(row, t, f);
	row->plain = f->key.proto == PROTO_TCP && !f->rare && !(f->flags & FLOW_FOLLOWED);
}
