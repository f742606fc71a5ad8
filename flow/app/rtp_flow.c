/* SPDX-License-Identifier: MIT */
#include "flow/app/rtp_flow.h"

#include <string.h>

static const struct sdp_codec *find(const struct media_codecs *list, uint8_t payload_type)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->codec[i].payload_type == payload_type)
			return &list->codec[i];
	return NULL;
}

static void ask(struct rtp_flow *r, const struct media_table *media, const struct flow_key *key,
		int64_t now_ns)
{
	for (int d = 0; d < 2; d++)
		for (int i = 0; i < 2; i++) {
			int end = i ? d : !d; /* the receiver first */
			const struct media_codecs *codecs =
				media_find(media, &key->addr[end], key->port[end], now_ns);

			if (!codecs)
				continue;
			r->codecs[d] = *codecs;
			break;
		}
	r->asked = media->announced;
}

/* What the header cannot tell. */
static void describe(struct rtp_header *h, const struct rtp_flow *r, int d)
{
	const struct sdp_codec *codec = find(&r->codecs[d], h->payload_type);

	if (!codec)
		return;
	if (codec->clock_hz)
		h->clock_hz = codec->clock_hz;
	h->event = strcmp(codec->name, "telephone-event") == 0;
}

bool rtp_flow_datagram(struct rtp_flow *r, const struct media_table *media,
		       const struct flow_key *key, int d, struct cursor datagram, int64_t time_ns)
{
	struct rtp_header h;

	if (rtp_parse(datagram, &h)) {
		if (r->asked != media->announced && !find(&r->codecs[d], h.payload_type))
			ask(r, media, key, time_ns);
		describe(&h, r, d);
		if (rtp_tracks_packet(&r->dir[d], &h, time_ns) == RTP_CONFIRMED)
			r->confirmed = true;
	}
	return r->confirmed || ++r->tried < RTP_PATIENCE;
}

const char *rtp_flow_codec(const struct rtp_flow *r, int d, uint8_t payload_type)
{
	const struct sdp_codec *announced = find(&r->codecs[d], payload_type);
	const struct rtp_codec *assigned = rtp_codec(payload_type);

	if (announced && announced->name[0])
		return announced->name;
	return assigned ? assigned->name : "";
}

unsigned rtp_flow_streams(const struct rtp_flow *r, int d)
{
	unsigned n = 0;

	for (unsigned i = 0; i < RTP_TRACKS_MAX; i++)
		n += rtp_track_confirmed(&r->dir[d].track[i]);
	return n;
}

const struct rtp_track *rtp_flow_stream(const struct rtp_flow *r, int d)
{
	const struct rtp_track *best = NULL;

	for (unsigned i = 0; i < RTP_TRACKS_MAX; i++) {
		const struct rtp_track *t = &r->dir[d].track[i];

		if (rtp_track_confirmed(t) && (!best || t->packets > best->packets))
			best = t;
	}
	return best;
}
