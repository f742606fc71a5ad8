/* SPDX-License-Identifier: MIT */
#include "flow/app/follow.h"

#include <errno.h>
#include <string.h>

#include "decode/app_rows.h"
#include "flow/app/dns_flow.h"
#include "flow/app/dns_tcp.h"
#include "flow/app/http_flow.h"
#include "flow/app/quic_flow.h"
#include "flow/app/rtp_flow.h"
#include "flow/app/sctp_flow.h"
#include "flow/app/signal_flow.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp_path.h"

enum {
	KIND_SHIFT = 28, /* in flow_cold.followed: kind, slot + 1 */
	SLOT_MASK = (1 << KIND_SHIFT) - 1,
	RTP_MAX = 1 << 16, /* flows that are, or may be, RTP at a time: more than a kilobyte each */
	HTTP_MAX = 1 << 18,
	DNS_PORT = 53,
	SIGNAL_MAX = 1 << 12, /* four kilobytes each */
};

struct kind {
	size_t size;  /* of the state */
	uint32_t max; /* flows at a time */
	bool (*is)(const struct flow *f, const struct packet *p);
	/* A packet of direction d. False when it turns out to be nothing of this kind. */
	bool (*take)(struct flow_table *t, struct flow *f, void *state, int d,
		     const struct packet *p);
};

/* --- kinds ------------------------------------------------------------------------------------ */

static bool is_dns(const struct flow *f, const struct packet *p)
{
	return p->proto == PROTO_UDP && f->app == APP_ID_dns + 1;
}

/* Of answers that came in one packet, each the same share. */
static void note_dns_waits(struct flow_table *t, const struct dns_flow *d, uint32_t matched,
			   int64_t sum_ns)
{
	uint32_t more = d->matched - matched;

	for (uint32_t i = 0; i < more; i++)
		histogram_add(&t->dns_waits, (uint64_t)(d->delay_sum_ns - sum_ns) / more);
}

static bool take_dns(struct flow_table *t, struct flow *f, void *state, int d,
		     const struct packet *p)
{
	struct dns_flow *dns = state;
	uint32_t matched = dns->matched;
	int64_t sum_ns = dns->delay_sum_ns;

	(void)f;
	(void)d;
	dns_flow_message(dns, p->payload, p->time_ns);
	note_dns_waits(t, dns, matched, sum_ns);
	return true;
}

static bool is_rtp(const struct flow *f, const struct packet *p)
{
	struct rtp_header h;

	return p->proto == PROTO_UDP && (!f->app || f->app == APP_ID_rtp + 1) &&
	       rtp_parse(p->payload, &h);
}

static bool take_rtp(struct flow_table *t, struct flow *f, void *state, int d,
		     const struct packet *p)
{
	struct rtp_flow *rtp = state;

	if (!rtp_flow_datagram(rtp, &t->media, &f->key, d, p->payload, p->time_ns))
		return false;
	if (rtp->confirmed && !f->app)
		f->app = APP_ID_rtp + 1;
	return true;
}

static bool is_sip(const struct flow *f, const struct packet *p)
{
	return p->proto == PROTO_UDP && f->app == APP_ID_sip + 1;
}

static bool take_sip(struct flow_table *t, struct flow *f, void *state, int d,
		     const struct packet *p)
{
	(void)f;
	(void)state;
	(void)d;
	media_message(&t->media, p->payload, p->time_ns);
	return true;
}

static bool is_sctp(const struct flow *f, const struct packet *p)
{
	(void)f;
	return p->proto == PROTO_SCTP && p->has_ports;
}

static bool take_sctp(struct flow_table *t, struct flow *f, void *state, int d,
		      const struct packet *p)
{
	if (p->has_ports)
		sctp_flow_packet(state, &t->sctp_tags, flow_id(t, f), d, p);
	return true;
}

static bool is_quic(const struct flow *f, const struct packet *p)
{
	return p->proto == PROTO_UDP && f->app == APP_ID_quic + 1;
}

static bool take_quic(struct flow_table *t, struct flow *f, void *state, int d,
		      const struct packet *p)
{
	(void)t;
	(void)f;
	quic_flow_datagram(state, d, p->payload, p->time_ns);
	return true;
}

/* The parser is content only after some messages: on its port none is left out. */
static bool is_dns_tcp(const struct flow *f, const struct packet *p)
{
	bool on_port = f->key.port[0] == DNS_PORT || f->key.port[1] == DNS_PORT;

	return p->has_tcp && (f->app == APP_ID_dns + 1 || (!f->app && on_port));
}

static bool take_dns_tcp(struct flow_table *t, struct flow *f, void *state, int d,
			 const struct packet *p)
{
	struct dns_tcp *dns = state;
	uint32_t matched = dns->flow.matched;
	int64_t sum_ns = dns->flow.delay_sum_ns;

	dns_tcp_segment(dns, d, p);
	note_dns_waits(t, &dns->flow, matched, sum_ns);
	return !f->app || f->app == APP_ID_dns + 1;
}

/* What may turn out to be HTTP is followed from its first segment on. */
static bool is_http(const struct flow *f, const struct packet *p)
{
	return p->has_tcp && (!f->app || f->app == APP_ID_http + 1) && message_begins(p->payload);
}

struct listener {
	struct flow_table *table;
	struct flow *flow;
};

static void hear_host(void *ctx, struct cursor name)
{
	struct listener *l = ctx;

	inspect_add_fact(&l->table->inspector, flow_cold_of(l->table, l->flow), FACT_HTTP_HOSTS,
			 name);
}

static bool take_http(struct flow_table *t, struct flow *f, void *state, int d,
		      const struct packet *p)
{
	struct listener listener = {t, f};
	const struct http_ears ears = {hear_host, &listener};

	if (f->app && f->app != APP_ID_http + 1)
		return false;
	http_flow_segment(state, &ears, d, p);
	return true;
}

static bool is_signal(const struct flow *f, const struct packet *p)
{
	return p->has_tcp && (f->app == APP_ID_sip + 1 || f->app == APP_ID_rtsp + 1);
}

static bool take_signal(struct flow_table *t, struct flow *f, void *state, int d,
			const struct packet *p)
{
	(void)f;
	signal_flow_segment(state, &t->media, d, p);
	return true;
}

static const struct kind kinds[] = {
	[FOLLOW_DNS] = {sizeof(struct dns_flow), SLOT_MASK - 1, is_dns, take_dns},
	[FOLLOW_DNS_TCP] = {sizeof(struct dns_tcp), SLOT_MASK - 1, is_dns_tcp, take_dns_tcp},
	[FOLLOW_SIGNAL] = {sizeof(struct signal_flow), SIGNAL_MAX, is_signal, take_signal},
	[FOLLOW_HTTP] = {sizeof(struct http_flow), HTTP_MAX, is_http, take_http},
	[FOLLOW_RTP] = {sizeof(struct rtp_flow), RTP_MAX, is_rtp, take_rtp},
	[FOLLOW_SIP] = {0, SLOT_MASK - 1, is_sip, take_sip},
	[FOLLOW_QUIC] = {sizeof(struct quic_flow), SLOT_MASK - 1, is_quic, take_quic},
	[FOLLOW_SCTP] = {sizeof(struct sctp_flow), SLOT_MASK - 1, is_sctp, take_sctp},
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == FOLLOW_KINDS, "each kind has a row");

/* --- what is kept of a flow ------------------------------------------------------------------- */

int follow_init(struct flow_table *t, uint32_t max_flows)
{
	if (media_init(&t->media, max_flows))
		return -ENOMEM;
	for (unsigned i = 0; i < FOLLOW_KINDS; i++) {
		uint32_t max = max_flows < kinds[i].max ? max_flows : kinds[i].max;

		if (kinds[i].size && slab_init(&t->followed[i], kinds[i].size, max))
			return -ENOMEM;
	}
	return 0;
}

void follow_done(struct flow_table *t)
{
	for (unsigned i = 0; i < FOLLOW_KINDS; i++)
		slab_done(&t->followed[i]);
	media_done(&t->media);
}

static enum follow_kind kind_of(uint32_t place)
{
	return place >> KIND_SHIFT;
}

static void *state_at(const struct flow_table *t, uint32_t place)
{
	enum follow_kind kind = kind_of(place);

	return kinds[kind].size ? slab_at(&t->followed[kind], (place & SLOT_MASK) - 1) : NULL;
}

/* NULL when the flow is not followed as this kind. */
static const void *peek(const struct flow_table *t, const struct flow *f, enum follow_kind kind)
{
	uint32_t place = flow_cold_of(t, f)->followed;

	return f->flags & FLOW_FOLLOWED && kind_of(place) == kind ? state_at(t, place) : NULL;
}

static void begin(struct flow_table *t, struct flow *f, enum follow_kind kind)
{
	struct flow_cold *c = flow_cold_of(t, f);
	struct slab_id id = {.slot = 0};

	if (kinds[kind].size && !slab_new(&t->followed[kind], &id))
		return;
	c->followed = (uint32_t)kind << KIND_SHIFT | (id.slot + 1);
	if (f->key.proto == PROTO_TCP)
		(void)tcp_path_of(c);
	f->flags |= FLOW_FOLLOWED;
}

void follow_release(struct flow_table *t, struct flow *f)
{
	uint32_t *place = &flow_cold_of(t, f)->followed;
	struct slab *s;

	if (!(f->flags & FLOW_FOLLOWED))
		return;
	s = &t->followed[kind_of(*place)];
	if (kinds[kind_of(*place)].size)
		slab_free(s, slab_id_of(s, (*place & SLOT_MASK) - 1));
	*place = 0;
	f->flags &= (uint8_t)~FLOW_FOLLOWED;
}

void follow_consider(struct flow_table *t, struct flow *f, const struct packet *p)
{
	if (f->flags & FLOW_FOLLOWED)
		return;
	for (unsigned i = 0; i < FOLLOW_KINDS; i++)
		if (kinds[i].is(f, p)) {
			begin(t, f, i);
			return;
		}
}

void follow_datagram(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	uint32_t place = flow_cold_of(t, f)->followed;

	if (!p->fragment_offset && !kinds[kind_of(place)].take(t, f, state_at(t, place), d, p))
		follow_release(t, f);
}

/* --- as a row --------------------------------------------------------------------------------- */

static void fill_rtp(struct rtp_row *out, const struct rtp_flow *r, int d)
{
	const struct rtp_track *k = r ? rtp_flow_stream(r, d) : NULL;

	*out = (struct rtp_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				ROW_ABSENT, ROW_ABSENT, ""};
	if (!k)
		return;
	out->ssrc = k->ssrc;
	out->payload_type = k->payload_type;
	out->streams = rtp_flow_streams(r, d);
	out->packets = k->packets;
	out->lost = rtp_lost(k);
	out->out_of_order = k->reordering.packets;
	out->duplicates = k->duplicates;
	strcpy(out->codec, rtp_flow_codec(r, d, k->payload_type));
	if (!k->clock_hz)
		return;
	out->clock_hz = k->clock_hz;
	out->jitter_ns = (int64_t)k->jitter_ns;
	out->jitter_max_ns = (int64_t)k->jitter_max_ns;
}

static void fill_reordering(struct reordering_row *out, const struct rtp_flow *r, int d)
{
	const struct rtp_track *k = r ? rtp_flow_stream(r, d) : NULL;

	if (k)
		row_put_reordering(out, &k->reordering, k->packets);
}

static void fill_dns(struct dns_row *out, const struct dns_flow *d, const struct dns_tcp *tcp)
{
	d = tcp ? &tcp->flow : d;
	*out = (struct dns_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	if (!d)
		return;
	out->queries = d->queries;
	out->answers = d->answers;
	out->unanswered = dns_flow_unanswered(d);
	if (d->answers)
		out->rcode = d->rcode;
	if (!d->matched)
		return;
	out->delay_min_ns = d->delay_min_ns;
	out->delay_avg_ns = d->delay_sum_ns / d->matched;
	out->delay_max_ns = d->delay_max_ns;
}

void follow_fill(struct flow_row *row, const struct flow_table *t, const struct flow *f)
{
	const struct rtp_flow *rtp = peek(t, f, FOLLOW_RTP);

	fill_rtp(&row->src.rtp, rtp, f->originator);
	fill_rtp(&row->dst.rtp, rtp, !f->originator);
	fill_reordering(&row->src.reordering, rtp, f->originator);
	fill_reordering(&row->dst.reordering, rtp, !f->originator);
	fill_dns(&row->dns, peek(t, f, FOLLOW_DNS), f->app ? peek(t, f, FOLLOW_DNS_TCP) : NULL);
	http_flow_fill(row, f->app ? peek(t, f, FOLLOW_HTTP) : NULL);
	quic_flow_fill(row, peek(t, f, FOLLOW_QUIC));
	sctp_flow_fill(row, peek(t, f, FOLLOW_SCTP), row->id, f->originator);
}
