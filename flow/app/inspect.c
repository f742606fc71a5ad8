/* SPDX-License-Identifier: MIT */
#include "flow/app/inspect.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "decode/app_rows.h"
#include "decode/dtls.h"
#include "decode/quic.h"
#include "flow/app/inspect_private.h"

enum {
	DATAGRAMS_UNKNOWN = 4, /* of a direction, until it is known what they are */
	DATAGRAMS = 8,	       /* of a direction; more only as long as each tells something */
	OFF_PORT_MIN = 16,     /* a shorter first segment could begin anything: see show_first */
	SHOWS_EACH =
		16, /* after so many a stream is shown again only when it has grown by a quarter */
};

/* One look at a flow's direction. */
struct look {
	struct inspector *in;
	struct flow *flow;
	struct flow_cold *cold;
	struct app_input input;
	struct app_set on_port; /* parsers of its ports */
	int d;
	uint32_t nth; /* datagram of the direction */
	bool told; /* a fact was emitted */
};

/* --- facts ------------------------------------------------------------------------------------ */

static void hear(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	struct inspector *in = ctx;

	facts_add(&in->told, &in->told_budget, kind, bytes, len);
}

static void forget(struct inspector *in)
{
	if (in->told)
		in->told->used = in->told->count = 0;
}

/* What a parser said counts only when it does not deny the protocol in the end. */
static void believe(struct look *l)
{
	struct facts **facts;

	if (!l->in->told || !l->in->told->used)
		return;
	l->told = true;
	facts = inspect_facts_of(l->in, l->cold);
	if (facts)
		facts_add_all(facts, &l->in->texts, l->in->told);
}

static void name_end(struct inspector *in, const struct flow *f, struct flow_cold *c, int end)
{
	const struct passive_name *name = passive_dns_find(&in->names, &f->key.addr[end]);
	struct facts **facts = name ? inspect_facts_of(in, c) : NULL;

	if (facts)
		facts_add(facts, &in->texts, FACT_END_NAME + (unsigned)end, name->text, name->len);
}

/* Names are those of the flow's beginning: what an address is called later may be another site. */
void inspect_begin(struct inspector *in, const struct flow *f, struct flow_cold *c)
{
	if (!in->names.count)
		return;
	name_end(in, f, c, 0);
	name_end(in, f, c, 1);
}

/* --- parsers ---------------------------------------------------------------------------------- */

static struct look look_at(struct inspector *in, struct flow *f, struct flow_cold *c, int d)
{
	return (struct look){
		.in = in,
		.flow = f,
		.cold = c,
		.d = d,
		.input = {.to_server = d == f->originator,
			  .port = {f->key.port[d], f->key.port[!d]}},
	};
}

/* Before parsers are chosen or asked. */
static void know_ports(struct look *l)
{
	l->on_port = candidates_on_port(&l->in->candidates, l->input.port);
}

static enum app_status ask(struct look *l, int id)
{
	const struct app_sink sink = {.fact = hear, .ctx = l->in};
	unsigned count;
	enum app_status status;

	forget(l->in);
	status = app_parsers(&count)[id].fn(&l->input, &sink);
	if (status != APP_NO)
		believe(l);
	return status;
}

/*
 * Ask those of *some in order, until one is certain; those that may be it go to *kept. A datagram's
 * parser that wants more is certain as well: there is nothing else that it could wait for.
 */
static bool ask_some(struct look *l, struct app_set some, struct app_set *kept)
{
	for (int id; (id = app_set_take(&some)) >= 0;) {
		enum app_status status = ask(l, id);

		if (status == APP_NO)
			continue;
		if (status == APP_DONE || l->input.datagram) {
			l->flow->app = (uint8_t)(id + 1);
			return true;
		}
		app_set_add(kept, (unsigned)id);
	}
	return false;
}

/*
 * Show the input to *left, those on their own ports first, and leave in it who wants to see more:
 * stronger patterns than the one that is certain may still turn out to be it. Others may be told
 * that this is all that they will see.
 */
static void show(struct look *l, struct app_set *left, bool final, bool final_off_port)
{
	struct app_set kept = {0}, kept_off = {0};

	l->input.final = final;
	if (!ask_some(l, app_set_and(*left, &l->on_port), &kept)) {
		l->input.final |= final_off_port;
		ask_some(l, app_set_minus(*left, &l->on_port), &kept_off);
		if (!l->input.final)
			kept = app_set_or(kept, &kept_off);
	}
	*left = final ? (struct app_set){0} : kept;
}

static struct app_set only(unsigned id)
{
	struct app_set s = {0};

	app_set_add(&s, id);
	return s;
}

/* --- datagrams -------------------------------------------------------------------------------- */

static void learn_names(struct look *l)
{
	bool dns = l->flow->app == APP_ID_dns + 1 || l->flow->app == APP_ID_mdns + 1;

	if (dns)
		passive_dns_message(&l->in->names, l->input.data);
}

static bool has_fact(const struct look *l, enum fact_kind kind)
{
	const struct facts *list = inspect_facts(l->in, l->cold);
	struct fact f;

	for (size_t pos = 0; facts_next(list, &pos, &f);)
		if (f.kind == kind)
			return true;
	return false;
}

/* NULL without memory. */
static struct quic_hello *hello_of(struct look *l)
{
	struct progress *pr = inspect_progress_of(l->in, l->cold);

	if (!pr || pr->hello)
		return pr ? pr->hello : NULL;
	if (!budget_take(&l->in->streams, sizeof(*pr->hello)))
		return NULL;
	pr->hello = malloc(sizeof(*pr->hello));
	if (pr->hello)
		quic_hello_init(pr->hello);
	else
		budget_give(&l->in->streams, sizeof(*pr->hello));
	return pr->hello;
}

static void emit_hello(struct look *l, const struct quic_hello *h)
{
	const struct app_sink sink = {.fact = hear, .ctx = l->in};

	forget(l->in);
	quic_hello_emit(h, &sink);
	believe(l);
}

/* A QUIC client hello that one datagram did not hold (those that did have told the fingerprint). */
static void gather_hello(struct look *l)
{
	struct progress *pr = inspect_progress(l->in, l->cold);
	struct quic_hello *h;

	if (!pr && (l->nth > 1 || has_fact(l, FACT_JA4)))
		return;
	h = hello_of(l);
	if (h && quic_hello_feed(h, l->input.data) == QUIC_MORE)
		return;
	if (h)
		emit_hello(l, h);
	if (inspect_progress(l->in, l->cold))
		inspect_leave(l->in, l->cold);
}

/* NULL without memory. */
static struct dtls_hello *dtls_of(struct look *l)
{
	struct progress *pr = inspect_progress_of(l->in, l->cold);

	if (!pr || !budget_take(&l->in->streams, sizeof(*pr->dtls)))
		return NULL;
	pr->dtls = calloc(1, sizeof(*pr->dtls));
	if (!pr->dtls)
		budget_give(&l->in->streams, sizeof(*pr->dtls));
	return pr->dtls;
}

/* A DTLS client hello that one datagram did not hold. */
static void gather_dtls(struct look *l)
{
	const struct app_sink sink = {.fact = hear, .ctx = l->in};
	struct progress *pr = inspect_progress(l->in, l->cold);
	struct dtls_hello *h = pr ? pr->dtls : NULL;

	if (!h && (has_fact(l, FACT_JA4) || !dtls_hello_begins(l->input.data)))
		return;
	if (!h)
		h = dtls_of(l);
	if (h && !dtls_hello_feed(h, l->input.data))
		return;
	if (h) {
		forget(l->in);
		dtls_hello_emit(h, &sink);
		believe(l);
	}
	if (inspect_progress(l->in, l->cold))
		inspect_leave(l->in, l->cold);
}

static void inspect_datagram(struct look *l, const struct packet *p)
{
	struct flow *f = l->flow;
	struct app_set left;

	know_ports(l);
	left = f->app ? only(f->app - 1u) : candidates_of_datagram(&l->in->candidates, &l->on_port);
	l->input.data = p->payload;
	l->input.datagram = true;
	if (!app_set_is_empty(&left))
		show(l, &left, false, false);
	learn_names(l);
	if (f->app == APP_ID_quic + 1)
		gather_hello(l);
	if (f->app == APP_ID_dtls + 1)
		gather_dtls(l);
	if (l->told)
		return;
	if (l->nth >= (f->app ? DATAGRAMS : DATAGRAMS_UNKNOWN))
		f->flags |= FLOW_TOLD << l->d;
}

/* --- streams ---------------------------------------------------------------------------------- */

/* A direction is over. Memory goes as soon as the other one does not need it. */
static void finish(struct look *l)
{
	struct progress *pr = inspect_progress(l->in, l->cold);

	l->flow->flags |= FLOW_TOLD << l->d;
	if (!pr)
		return;
	stream_done(&pr->side[l->d].stream, &l->in->streams);
	if (!stream_has_begun(&pr->side[!l->d].stream))
		inspect_leave(l->in, l->cold);
}

/* Who may take this direction, that begins so. */
static struct app_set candidates_of(struct look *l, const struct cursor *data)
{
	return candidates_of_stream(&l->in->candidates, &l->on_port, data);
}

/* When the other end has said what it speaks, this one will not speak anything else. */
static void narrow(const struct look *l, struct app_set *left)
{
	struct app_set same;

	if (!l->flow->app || !(l->flow->flags & FLOW_TOLD << !l->d))
		return;
	same = only(l->flow->app - 1u);
	*left = app_set_and(*left, &same);
}

static void show_stream(struct look *l, struct cursor data, struct app_set *left, bool final)
{
	narrow(l, left);
	l->input.data = data;
	if (!app_set_is_empty(left))
		show(l, left, final, false);
}

/*
 * A first segment of a few bytes could begin anything, and many are all that there is of it: to
 * keep it until more has come is worth it only for the parsers of its port.
 */
static void show_first(struct look *l, struct cursor data, struct app_set *left, bool final)
{
	know_ports(l);
	*left = candidates_of(l, &data);
	narrow(l, left);
	l->input.data = data;
	if (!app_set_is_empty(left))
		show(l, left, final, cursor_left(&data) < OFF_PORT_MIN);
}

/* The beginning has grown, or will not any more. Few shows: parsers start over each time. */
static void review(struct look *l, struct side *side)
{
	struct stream *s = &side->stream;
	bool final = stream_is_over(s);
	struct cursor data;
	size_t have, enough = side->shown;

	if (final)
		stream_skip_hole(s);
	data = stream_beginning(s);
	have = cursor_left(&data);
	if (side->shows >= SHOWS_EACH)
		enough += enough / 4;
	if (have > enough || (final && have)) {
		know_ports(l);
		if (!side->shows++)
			side->left = candidates_of(l, &data);
		side->shown = (uint16_t)have;
		show_stream(l, data, &side->left, final);
	}
	if (final || (side->shows && app_set_is_empty(&side->left)))
		finish(l);
}

/* Where the direction's bytes begin; false when this segment is not to be trusted with that. */
static bool find_start(const struct look *l, const struct packet *p, uint32_t seq, uint32_t *start)
{
	uint32_t base = l->cold->path.base_seq[l->d] + 1;

	*start = seq;
	if (!(l->cold->tcp.flags[l->d] & TCP_HAS_SYN)) /* we came late; not a keep-alive's byte */
		return p->payload_bytes > 1 || p->tcp.flags & TCP_PSH;
	if (seq - base < STREAM_MAX)
		*start = base;
	return (int32_t)(seq - base) >= 0;
}

/*
 * The usual case: the first segment is the first to come and tells all. True when it does; else
 * *left holds those that want more.
 */
static bool told_at_once(struct look *l, const struct packet *p, struct app_set *left)
{
	size_t n = cursor_left(&p->payload);
	bool final = p->payload_bytes > n || p->tcp.flags & TCP_FIN || n >= STREAM_MAX;

	show_first(l, p->payload, left, final);
	return app_set_is_empty(left);
}

/* The direction's first segment with data. */
static void begin_stream(struct look *l, const struct packet *p, uint32_t seq)
{
	struct app_set left = {0};
	struct progress *pr;
	struct side *side;
	uint32_t start;
	bool first;

	if (!find_start(l, p, seq, &start))
		return;
	first = seq == start;
	if (first && told_at_once(l, p, &left)) {
		finish(l);
		return;
	}
	pr = inspect_progress_of(l->in, l->cold);
	if (!pr) {
		l->in->streams.refused += p->payload_bytes;
		finish(l);
		return;
	}
	side = &pr->side[l->d];
	*side = (struct side){.left = left, .shows = first};
	side->shown = first ? (uint16_t)cursor_left(&p->payload) : 0;
	stream_begin(&side->stream, start);
	if (!stream_add(&side->stream, &l->in->streams, seq, p->payload, p->payload_bytes))
		finish(l);
}

/* The direction when it is half read, else NULL. */
static struct side *half_read(const struct look *l)
{
	struct progress *pr = inspect_progress(l->in, l->cold);

	return pr && stream_has_begun(&pr->side[l->d].stream) ? &pr->side[l->d] : NULL;
}

static void take_data(struct look *l, const struct packet *p, uint32_t seq)
{
	struct side *side = half_read(l);

	if (!side) {
		begin_stream(l, p, seq);
		return;
	}
	stream_add(&side->stream, &l->in->streams, seq, p->payload, p->payload_bytes);
	if (stream_have(&side->stream) > side->shown || stream_is_over(&side->stream))
		review(l, side);
}

/* Nothing will come from this end after `seq`; nothing at all when NULL. */
static void end_direction(struct look *l, const uint32_t *seq)
{
	struct side *side = half_read(l);

	if (!side)
		return;
	if (seq)
		stream_end(&side->stream, *seq);
	else
		stream_give_up(&side->stream);
	if (stream_is_over(&side->stream))
		review(l, side);
}

void inspect_end(struct inspector *in, struct flow *f, struct flow_cold *c)
{
	for (int d = 0; d < 2 && c->inspection & HALF_READ; d++) {
		struct look l = look_at(in, f, c, d);

		end_direction(&l, NULL);
	}
	if (c->inspection & HALF_READ)
		inspect_leave(in, c);
}

static void inspect_segment(struct look *l, const struct packet *p)
{
	uint32_t seq = p->tcp.seq + (p->tcp.flags & TCP_SYN ? 1 : 0);
	uint32_t end = seq + p->payload_bytes;

	if (p->tcp.flags & TCP_RST) {
		inspect_end(l->in, l->flow, l->cold);
		return;
	}
	if (cursor_left(&p->payload))
		take_data(l, p, seq);
	if (p->tcp.flags & TCP_FIN)
		end_direction(l, &end);
}

/* ---------------------------------------------------------------------------------------------- */

void inspect_packet(struct inspector *in, struct flow *f, struct flow_cold *c, int d,
		    const struct packet *p, uint32_t nth)
{
	bool udp = p->proto == PROTO_UDP && p->has_ports;
	struct look l;

	if (p->fragment_offset)
		return;
	if (!udp && p->proto != PROTO_TCP) {
		f->flags |= FLOW_TOLD | FLOW_TOLD << 1;
		return;
	}
	if (!udp && (!p->has_tcp || (!c->inspection && !cursor_left(&p->payload))))
		return;
	l = look_at(in, f, c, d);
	l.nth = nth;
	if (udp)
		inspect_datagram(&l, p);
	else
		inspect_segment(&l, p);
}
