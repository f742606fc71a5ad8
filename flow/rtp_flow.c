/* SPDX-License-Identifier: MIT */
#include "flow/rtp_flow.h"

bool rtp_flow_datagram(struct rtp_flow *r, int d, struct cursor datagram, int64_t time_ns)
{
	struct rtp_header h;

	if (rtp_parse(datagram, &h) &&
	    rtp_tracks_packet(&r->dir[d], &h, time_ns) == RTP_CONFIRMED)
		r->confirmed = true;
	return r->confirmed || ++r->tried < RTP_PATIENCE;
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
