/* SPDX-License-Identifier: MIT
 *
 * One RTP stream: is it one (the idea of RFC 3550 A.1, with more packets because no port vouches
 * for it), what was lost (A.3), what came twice or late, and the jitter (A.8).
 */
#include <string.h>

#include "decode/rtp.h"

enum {
	CANDIDATE_STEP = 8, /* how far a candidate's sequence numbers advance, to prove something */
	CANDIDATE_TIME = 1 << 20, /* timestamp units: 5 s of the fastest clock, 11 of video's */
	MAX_DROPOUT = 3000,	  /* RFC 3550 A.1 */
	MAX_MISORDER = 100,
	WINDOW = 64, /* sequence numbers remembered */
	CANDIDATE_NS = 2000000000,
};

static void begin(struct rtp_track *t, const struct rtp_header *h, int64_t time_ns)
{
	uint8_t misses = t->misses < UINT8_MAX ? t->misses : UINT8_MAX - 1;
	bool again = t->run;

	memset(t, 0, sizeof(*t));
	t->misses = (uint8_t)(misses + again);
	t->clock_hz = h->clock_hz;
	t->run = 1;
	t->ssrc = h->ssrc;
	t->payload_type = h->payload_type;
	t->timestamp = h->timestamp;
	t->base = t->highest = h->seq;
	t->seen = 1;
	t->first_ns = t->last_ns = time_ns;
	t->packets = 1;
	t->payload_bytes = cursor_left(&h->payload);
}

static int advance(const struct rtp_track *t, const struct rtp_header *h)
{
	return (int16_t)(h->seq - (uint16_t)t->highest);
}

static bool agrees(const struct rtp_track *t, const struct rtp_header *h)
{
	int step = advance(t, h);
	int32_t time = (int32_t)(h->timestamp - t->timestamp);

	return h->ssrc == t->ssrc && h->payload_type == t->payload_type && step > -MAX_MISORDER &&
	       step < MAX_DROPOUT && time > -CANDIDATE_TIME && time < CANDIDATE_TIME;
}

/* Interarrival jitter, kept in ns: a clock unknown at first, or another codec's, does not spoil it.
 */
static void jitter(struct rtp_track *t, const struct rtp_header *h, int64_t time_ns)
{
	double d;

	if (!h->clock_hz || h->event)
		return;
	t->clock_hz = h->clock_hz;
	d = (double)(time_ns - t->last_ns) -
	    (double)(int32_t)(h->timestamp - t->timestamp) * 1e9 / h->clock_hz;
	t->jitter_ns += ((d < 0 ? -d : d) - t->jitter_ns) / 16;
	if (t->jitter_ns > t->jitter_max_ns)
		t->jitter_max_ns = t->jitter_ns;
	t->jitter_sum_ns += t->jitter_ns;
	t->jitter_count++;
}

static void in_order(struct rtp_track *t, const struct rtp_header *h, unsigned step,
		     int64_t time_ns)
{
	if (step > 1)
		reordering_jump(&t->reordering, t->highest + 1, t->highest + step, t->packets);
	t->seen = step < WINDOW ? t->seen << step | 1 : 1;
	t->highest += step;
	jitter(t, h, time_ns);
	t->jumped = false;
	if (h->event)
		return;
	t->timestamp = h->timestamp;
	t->payload_type = h->payload_type;
	t->last_ns = time_ns;
}

/* `back` numbers behind the highest. Beyond the window it counts as late. */
static void late(struct rtp_track *t, unsigned back)
{
	uint64_t bit = back < WINDOW ? 1ull << back : 0;

	if (t->seen & bit)
		t->duplicates++;
	else
		reordering_late(&t->reordering, t->highest - back, t->packets);
	t->seen |= bit;
}

/*
 * A jump is believed when two packets in a row agree on it: the sender began anew. Of the first,
 * nothing is counted.
 */
static bool restart(struct rtp_track *t, const struct rtp_header *h, int64_t time_ns)
{
	bool believed = t->jumped && h->seq == t->restart_at;

	t->jumped = !believed;
	t->restart_at = (uint16_t)(h->seq + 1);
	if (!believed)
		return false;
	t->expected_before += t->highest - t->base + 1;
	t->base = t->highest = h->seq;
	memset(t->reordering.jump, 0, sizeof(t->reordering.jump));
	t->seen = 1;
	t->timestamp = h->timestamp;
	t->last_ns = time_ns;
	t->restarts += t->restarts < UINT8_MAX;
	return true;
}

static bool count(struct rtp_track *t, const struct rtp_header *h, int64_t time_ns)
{
	uint16_t ahead = (uint16_t)(h->seq - (uint16_t)t->highest);
	uint16_t back = (uint16_t)-ahead;

	if (ahead && ahead < MAX_DROPOUT)
		in_order(t, h, ahead, time_ns);
	else if (back < MAX_MISORDER)
		late(t, back);
	else if (!restart(t, h, time_ns))
		return false;
	t->packets++;
	t->payload_bytes += cursor_left(&h->payload);
	return true;
}

/* Late ones and doubles prove nothing; after a gap the proof begins anew, the counts do not. */
static void prove(struct rtp_track *t, int step)
{
	if (step > CANDIDATE_STEP)
		t->run = 1;
	else if (step > 0)
		t->run++;
}

enum rtp_status rtp_track_packet(struct rtp_track *t, const struct rtp_header *h, int64_t time_ns)
{
	if (rtp_track_confirmed(t)) {
		if (h->ssrc != t->ssrc)
			return RTP_OTHER;
		return count(t, h, time_ns) ? RTP_CONFIRMED : RTP_NO;
	}
	if (!t->run || !agrees(t, h)) {
		begin(t, h, time_ns);
		return RTP_CANDIDATE;
	}
	prove(t, advance(t, h));
	count(t, h, time_ns);
	return rtp_track_confirmed(t) ? RTP_CONFIRMED : RTP_CANDIDATE;
}

/* What a track has proved that is not stale: the least gives way. */
static unsigned proved(const struct rtp_track *t, int64_t now_ns)
{
	bool stale = !rtp_track_confirmed(t) && now_ns - t->last_ns > CANDIDATE_NS;

	return stale ? 0 : t->run;
}

/*
 * The stream's own track, else the one that has proved least; of equals the newest, as noise that
 * comes again and again shall not push out one candidate after the other.
 */
static struct rtp_track *track_for(struct rtp_tracks *s, uint32_t ssrc, int64_t now_ns)
{
	struct rtp_track *least = &s->track[0];

	for (unsigned i = 0; i < RTP_TRACKS_MAX; i++) {
		struct rtp_track *t = &s->track[i];
		unsigned a = proved(t, now_ns), b = proved(least, now_ns);

		if (t->run && t->ssrc == ssrc)
			return t;
		if (a < b || (a == b && t->last_ns > least->last_ns))
			least = t;
	}
	return rtp_track_confirmed(least) ? NULL : least;
}

enum rtp_status rtp_tracks_packet(struct rtp_tracks *s, const struct rtp_header *h, int64_t time_ns)
{
	struct rtp_track *t = track_for(s, h->ssrc, time_ns);

	return t ? rtp_track_packet(t, h, time_ns) : RTP_OTHER;
}

uint64_t rtp_expected(const struct rtp_track *t)
{
	return t->run ? (uint64_t)t->expected_before + (t->highest - t->base) + 1 : 0;
}

int64_t rtp_lost(const struct rtp_track *t)
{
	return (int64_t)rtp_expected(t) - (int64_t)t->packets;
}
