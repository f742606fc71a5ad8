/* SPDX-License-Identifier: MIT */
#include "flow/follow.h"

#include <string.h>

#include "decode/app_rows.h"
#include "flow/dns_flow.h"
#include "flow/rtp_flow.h"
#include "flow/table_private.h"

static struct slab *slab_of(struct flow_table *t, uint8_t flag)
{
	return flag == FLOW_DNS ? &t->dns : &t->rtp;
}

static void *state_of(const struct flow_table *t, const struct flow *f, uint8_t flag)
{
	if (!(f->flags & flag))
		return NULL;
	return slab_at(flag == FLOW_DNS ? &t->dns : &t->rtp, flow_cold_of(t, f)->path - 1);
}

static void begin(struct flow_table *t, struct flow *f, uint8_t flag)
{
	struct slab_id id;

	if (!slab_new(slab_of(t, flag), &id))
		return;
	flow_cold_of(t, f)->path = id.slot + 1;
	f->flags |= flag;
}

void follow_release(struct flow_table *t, struct flow *f)
{
	struct flow_cold *c = flow_cold_of(t, f);
	struct slab *s = slab_of(t, f->flags & FLOW_DNS);

	if (!(f->flags & FLOW_FOLLOWED))
		return;
	slab_free(s, slab_id_of(s, c->path - 1));
	c->path = 0;
	f->flags &= (uint8_t)~FLOW_FOLLOWED;
}

void follow_consider(struct flow_table *t, struct flow *f, const struct packet *p)
{
	struct rtp_header h;

	if (p->proto != PROTO_UDP || f->flags & FLOW_FOLLOWED)
		return;
	if (f->app == APP_ID_dns + 1)
		begin(t, f, FLOW_DNS);
	else if ((!f->app || f->app == APP_ID_rtp + 1) && rtp_parse(p->payload, &h))
		begin(t, f, FLOW_RTP);
}

void follow_datagram(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	struct rtp_flow *rtp = state_of(t, f, FLOW_RTP);

	if (p->fragment_offset)
		return;
	if (!rtp) {
		dns_flow_message(state_of(t, f, FLOW_DNS), p->payload, p->time_ns);
		return;
	}
	if (!rtp_flow_datagram(rtp, d, p->payload, p->time_ns))
		follow_release(t, f);
	else if (rtp->confirmed && !f->app)
		f->app = APP_ID_rtp + 1;
}

/* --- as a row --------------------------------------------------------------------------------- */

static void fill_rtp(struct rtp_row *out, const struct rtp_flow *r, int d)
{
	const struct rtp_track *k = r ? rtp_flow_stream(r, d) : NULL;
	const struct rtp_codec *codec = k ? rtp_codec(k->payload_type) : NULL;
	uint32_t clock_hz = codec ? codec->clock_hz : k ? k->clock_hz : 0;

	*out = (struct rtp_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ""};
	if (!k)
		return;
	out->ssrc = k->ssrc;
	out->payload_type = k->payload_type;
	out->streams = rtp_flow_streams(r, d);
	out->packets = k->packets;
	out->lost = rtp_lost(k);
	out->out_of_order = k->reordered;
	out->duplicates = k->duplicates;
	if (codec)
		strcpy(out->codec, codec->name);
	if (!clock_hz)
		return;
	out->clock_hz = clock_hz;
	out->jitter_ns = (int64_t)k->jitter_ns;
	out->jitter_max_ns = (int64_t)k->jitter_max_ns;
}

static void fill_dns(struct dns_row *out, const struct dns_flow *d)
{
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
	const struct rtp_flow *rtp = state_of(t, f, FLOW_RTP);

	fill_rtp(&row->src.rtp, rtp, f->originator);
	fill_rtp(&row->dst.rtp, rtp, !f->originator);
	fill_dns(&row->dns, state_of(t, f, FLOW_DNS));
}
