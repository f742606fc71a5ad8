/* SPDX-License-Identifier: MIT */
#include "flow/inspect.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "decode/app_rows.h"
#include "flow/stream.h"

enum {
	DATAGRAMS_UNKNOWN = 4, /* of a direction, until it is known what they are */
	DATAGRAMS = 8,	       /* of a direction; more only as long as each tells something */
	SHOWS_EACH = 16,       /* after so many a stream is shown again only when it has grown by a quarter */
	STREAMS_BYTES = 64 << 20,
	TEXTS_BYTES = 512 << 20,
};

/* Of a flow of which a direction is half read. */
struct progress {
	struct stream stream[2];
	struct app_set left[2]; /* parsers that want more; valid once shown */
	uint16_t shown[2];	/* bytes, the last time */
	uint8_t shows[2];
};

/* One look at a flow's direction. */
struct look {
	struct inspector *in;
	struct flow *flow;
	struct flow_cold *cold;
	struct app_input input;
	struct app_set on_port;
	int d;
	bool told; /* a fact was emitted */
};

/* --- life ------------------------------------------------------------------------------------- */

int inspector_init(struct inspector *in, uint32_t max_flows)
{
	*in = (struct inspector){
		.streams = {.max = STREAMS_BYTES},
		.texts = {.max = TEXTS_BYTES},
		.told_budget = {.max = FACTS_BYTES_MAX},
	};
	app_parsers_init();
	if (candidates_init(&in->candidates) || passive_dns_init(&in->names, PASSIVE_DNS_MAX) ||
	    slab_init(&in->inspections, sizeof(struct inspection), max_flows)) {
		inspector_done(in);
		return -ENOMEM;
	}
	return 0;
}

static void free_progress(struct inspector *in, struct inspection *i)
{
	if (!i->progress)
		return;
	stream_done(&i->progress->stream[0], &in->streams);
	stream_done(&i->progress->stream[1], &in->streams);
	budget_give(&in->streams, sizeof(*i->progress));
	free(i->progress);
	i->progress = NULL;
}

void inspector_done(struct inspector *in)
{
	struct slab *s = &in->inspections;

	for (uint32_t slot = 0; (slot = slab_next(s, slot)) < s->slots; slot++) {
		struct inspection *i = slab_at(s, slot);

		free_progress(in, i);
		facts_free(i->facts, &in->texts);
	}
	slab_done(s);
	passive_dns_done(&in->names);
	candidates_done(&in->candidates);
	facts_free(in->told, &in->told_budget);
	in->told = NULL;
}

void inspector_loss(const struct inspector *in, struct loss *out)
{
	out->count[LOSS_STREAM] += in->streams.refused;
}

static struct inspection *peek(const struct inspector *in, const struct flow_cold *c)
{
	return c->inspection ? slab_at(&in->inspections, c->inspection - 1) : NULL;
}

static struct progress *peek_progress(const struct inspector *in, const struct flow_cold *c)
{
	struct inspection *i = peek(in, c);

	return i ? i->progress : NULL;
}

/* NULL without memory. */
static struct inspection *inspection_of(struct inspector *in, struct flow_cold *c)
{
	struct slab_id id;
	struct inspection *i = peek(in, c);

	if (i)
		return i;
	i = slab_new(&in->inspections, &id);
	if (i)
		c->inspection = id.slot + 1;
	return i;
}

static struct progress *progress_of(struct inspector *in, struct flow_cold *c)
{
	struct inspection *i = inspection_of(in, c);

	if (!i || i->progress)
		return i ? i->progress : NULL;
	if (!budget_take(&in->streams, sizeof(*i->progress)))
		return NULL;
	i->progress = calloc(1, sizeof(*i->progress));
	if (!i->progress)
		budget_give(&in->streams, sizeof(*i->progress));
	return i->progress;
}

void inspect_release(struct inspector *in, struct flow_cold *c)
{
	struct inspection *i = peek(in, c);

	if (!i)
		return;
	free_progress(in, i);
	facts_free(i->facts, &in->texts);
	slab_free(&in->inspections, slab_id_of(&in->inspections, c->inspection - 1));
	c->inspection = 0;
}

const struct facts *inspect_facts(const struct inspector *in, const struct flow_cold *c)
{
	struct inspection *i = peek(in, c);

	return i ? i->facts : NULL;
}

const char *inspect_app(const struct flow *f)
{
	unsigned count;

	return f->app ? app_parsers(&count)[f->app - 1].name : "";
}

/* --- facts ------------------------------------------------------------------------------------ */

static void hear(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	struct inspector *in = ctx;

	facts_add(&in->told, &in->told_budget, kind, bytes, len);
}

/* What a parser said counts only when it does not deny the protocol in the end. */
static void believe(struct look *l)
{
	struct inspection *i;

	if (!l->in->told || !l->in->told->used)
		return;
	l->told = true;
	i = inspection_of(l->in, l->cold);
	if (i)
		facts_add_all(&i->facts, &l->in->texts, l->in->told);
}

static void name_end(struct inspector *in, const struct flow *f, struct flow_cold *c, int end)
{
	const struct passive_name *name = passive_dns_find(&in->names, &f->key.addr[end]);
	struct inspection *i = name ? inspection_of(in, c) : NULL;

	if (i)
		facts_add(&i->facts, &in->texts, FACT_END_NAME + (unsigned)end, name->text,
			  name->len);
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
	struct look l = {
		.in = in, .flow = f, .cold = c, .d = d,
		.input = {.to_server = d == f->originator,
			  .port = {f->key.port[d], f->key.port[!d]}},
	};

	l.on_port = candidates_on_port(&in->candidates, l.input.port);
	return l;
}

static enum app_status ask(struct look *l, int id)
{
	const struct app_sink sink = {.fact = hear, .ctx = l->in};
	unsigned count;
	enum app_status status;

	if (l->in->told)
		l->in->told->used = l->in->told->count = 0;
	status = app_parsers(&count)[id].fn(&l->input, &sink);
	if (status != APP_NO)
		believe(l);
	return status;
}

/*
 * Ask those of *some in order, until one is certain; those that may be it go to *kept. A datagram's parser
 * that wants more is certain as well: there is nothing else that it could wait for.
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
 * Show the input to *left, those on their own ports first, and leave in it who wants to see more: stronger
 * patterns than the one that is certain may still turn out to be it.
 */
static void show(struct look *l, struct app_set *left)
{
	struct app_set kept = {0};

	if (!ask_some(l, app_set_and(*left, &l->on_port), &kept))
		ask_some(l, app_set_minus(*left, &l->on_port), &kept);
	*left = l->input.final ? (struct app_set){0} : kept;
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

static void inspect_datagram(struct look *l, const struct packet *p)
{
	struct flow *f = l->flow;
	struct app_set left = f->app ? only(f->app - 1u)
				     : candidates_of_datagram(&l->in->candidates, &l->on_port);

	l->input.data = p->payload;
	l->input.datagram = true;
	if (!app_set_is_empty(&left))
		show(l, &left);
	learn_names(l);
	if (l->told)
		return;
	if (f->packets[l->d] >= (f->app ? DATAGRAMS : DATAGRAMS_UNKNOWN))
		f->flags |= FLOW_TOLD << l->d;
}

/* --- streams ---------------------------------------------------------------------------------- */

/* A direction is over. Memory goes as soon as the other one does not need it. */
static void finish(struct look *l)
{
	struct inspection *i = peek(l->in, l->cold);
	struct flow *f = l->flow;

	f->flags |= FLOW_TOLD << l->d;
	if (!i || !i->progress)
		return;
	stream_done(&i->progress->stream[l->d], &l->in->streams);
	if (!stream_has_begun(&i->progress->stream[!l->d]))
		free_progress(l->in, i);
	if (!i->progress && !i->facts)
		inspect_release(l->in, l->cold);
}

/* Who may take this direction, that begins with `first`. */
static struct app_set candidates_of(struct look *l, uint8_t first)
{
	return candidates_of_stream(&l->in->candidates, &l->on_port, first);
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
	l->input.final = final;
	if (!app_set_is_empty(left))
		show(l, left);
}

/* The beginning has grown, or will not any more. Few shows: parsers start over each time. */
static void review(struct look *l, struct progress *pr)
{
	struct stream *s = &pr->stream[l->d];
	bool final = stream_is_over(s);
	size_t have, enough = pr->shown[l->d];

	if (final)
		stream_skip_hole(s);
	have = stream_have(s);
	if (pr->shows[l->d] >= SHOWS_EACH)
		enough += enough / 4;
	if (have > enough || (final && have)) {
		if (!pr->shows[l->d]++)
			pr->left[l->d] = candidates_of(l, s->bytes[0]);
		pr->shown[l->d] = (uint16_t)have;
		show_stream(l, stream_beginning(s), &pr->left[l->d], final);
	}
	if (final || (pr->shows[l->d] && app_set_is_empty(&pr->left[l->d])))
		finish(l);
}

/* Where the direction's bytes begin; false when this segment is not to be trusted with that. */
static bool find_start(const struct look *l, const struct packet *p, uint32_t seq, uint32_t *start)
{
	uint32_t base = l->cold->base_seq[l->d] + 1;

	*start = seq;
	if (!(l->cold->tcp.flags[l->d] & TCP_HAS_SYN)) /* we came late; not a keep-alive's byte */
		return p->payload_bytes > 1 || p->tcp.flags & TCP_PSH;
	if (seq - base < STREAM_MAX)
		*start = base;
	return (int32_t)(seq - base) >= 0;
}

/*
 * The usual case: the first segment is the first to come and tells all. True when it does; else *left holds
 * those that want more.
 */
static bool told_at_once(struct look *l, const struct packet *p, struct app_set *left)
{
	size_t n = cursor_left(&p->payload);
	bool final = p->payload_bytes > n || p->tcp.flags & TCP_FIN || n >= STREAM_MAX;

	*left = candidates_of(l, p->payload.p[0]);
	show_stream(l, p->payload, left, final);
	return app_set_is_empty(left);
}

/* The direction's first segment with data. */
static void begin_stream(struct look *l, const struct packet *p, uint32_t seq)
{
	struct app_set left = {0};
	struct progress *pr;
	uint32_t start;
	bool first;

	if (!find_start(l, p, seq, &start))
		return;
	first = seq == start;
	if (first && told_at_once(l, p, &left)) {
		finish(l);
		return;
	}
	pr = progress_of(l->in, l->cold);
	if (pr) {
		stream_begin(&pr->stream[l->d], start);
		pr->left[l->d] = left;
		pr->shows[l->d] = first;
		pr->shown[l->d] = first ? (uint16_t)cursor_left(&p->payload) : 0;
	}
	if (!pr || !stream_add(&pr->stream[l->d], &l->in->streams, seq, p->payload,
			       p->payload_bytes))
		finish(l); /* no memory; stream_add has counted it */
}

static void take_data(struct look *l, const struct packet *p, uint32_t seq)
{
	struct progress *pr = peek_progress(l->in, l->cold);
	struct stream *s = pr ? &pr->stream[l->d] : NULL;

	if (!s || !stream_has_begun(s)) {
		begin_stream(l, p, seq);
		return;
	}
	stream_add(s, &l->in->streams, seq, p->payload, p->payload_bytes);
	if (stream_have(s) > pr->shown[l->d] || stream_is_over(s))
		review(l, pr);
}

/* Nothing will come from end d any more, or nothing after `seq`. */
static void end_direction(struct look *l, const uint32_t *seq)
{
	struct progress *pr = peek_progress(l->in, l->cold);

	if (!pr || !stream_has_begun(&pr->stream[l->d]))
		return;
	if (seq)
		stream_end(&pr->stream[l->d], *seq);
	else
		stream_give_up(&pr->stream[l->d]);
	if (stream_is_over(&pr->stream[l->d]))
		review(l, pr);
}

static void end_both(struct inspector *in, struct flow *f, struct flow_cold *c)
{
	for (int d = 0; d < 2; d++) {
		struct look l = look_at(in, f, c, d);

		end_direction(&l, NULL);
	}
}

static void inspect_segment(struct look *l, const struct packet *p)
{
	uint32_t seq = p->tcp.seq + (p->tcp.flags & TCP_SYN ? 1 : 0);
	uint32_t end = seq + p->payload_bytes;

	if (p->tcp.flags & TCP_RST) {
		end_both(l->in, l->flow, l->cold);
		return;
	}
	if (cursor_left(&p->payload))
		take_data(l, p, seq);
	if (p->tcp.flags & TCP_FIN)
		end_direction(l, &end);
}

/* ---------------------------------------------------------------------------------------------- */

void inspect_packet(struct inspector *in, struct flow *f, struct flow_cold *c, int d,
		    const struct packet *p)
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
	if (udp)
		inspect_datagram(&l, p);
	else
		inspect_segment(&l, p);
}

void inspect_end(struct inspector *in, struct flow *f, struct flow_cold *c)
{
	if (peek_progress(in, c))
		end_both(in, f, c);
}
