/* SPDX-License-Identifier: MIT
 *
 * RTP and RTCP (RFC 3550, RFC 3551): headers, and the quality of one stream. RTP has no port and no
 * magic number: a stream is found because its packets agree with one another. Pure; time comes with
 * the packets.
 */
#ifndef SOCKLENS_DECODE_RTP_H
#define SOCKLENS_DECODE_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/reordering.h"

struct rtp_header {
	uint32_t timestamp, ssrc;
	uint16_t seq;
	uint8_t payload_type;
	bool marker;
	bool event;	   /* a telephone event (RFC 4733): its timestamp is no time of sending */
	uint32_t clock_hz; /* of a static type; others' is set by who knows them; 0 = unknown */
	struct cursor payload; /* without extension and padding; borrowed */
};

/* Can the datagram be RTP? Many others can: only a track proves it. */
bool rtp_parse(struct cursor datagram, struct rtp_header *h);

/* What RTCP tells of a stream: the first report block of a compound packet (RFC 3550 6.4). */
struct rtcp {
	uint32_t ssrc; /* sender of the packet */
	uint8_t type;  /* of the first: RTCP_SR, RTCP_RR, ... */
	bool has_report;
	uint8_t fraction_lost; /* of 256, since the last report */
	int32_t lost;	       /* in all; negative with duplicates */
	uint32_t about;	       /* ssrc of the stream reported on */
	uint32_t jitter;       /* timestamp units */
};
enum { RTCP_SR = 200, RTCP_RR = 201, RTCP_SDES = 202, RTCP_BYE = 203, RTCP_APP = 204 };

/* False when the datagram is no compound packet whose lengths add up. */
bool rtcp_parse(struct cursor datagram, struct rtcp *out);

struct rtp_codec {
	const char *name;
	uint32_t clock_hz;
};

/* Codec of a static payload type (RFC 3551 6); NULL for a dynamic or unassigned one. */
const struct rtp_codec *rtp_codec(uint8_t payload_type);

enum rtp_status {
	RTP_NO,	       /* not RTP, or does not continue what came before */
	RTP_CANDIDATE, /* fits so far */
	RTP_CONFIRMED, /* part of the stream */
	RTP_OTHER,     /* the stream is another one: its ssrc differs */
};

/* Agreeing packets that make a stream; RFC 3550 A.1 asks for 2, of a known port. */
enum { RTP_CONFIRM = 5 };

/* One stream in one direction. All zero = nothing seen. */
struct rtp_track {
	int64_t first_ns, last_ns;	     /* arrivals */
	double jitter_ns;		     /* RFC 3550 A.8; 0 while the clock is unknown */
	double jitter_max_ns, jitter_sum_ns; /* the sum over jitter_count values, for a mean */
	uint64_t seen;			     /* bit n: sequence number highest - n has come */
	uint64_t payload_bytes;
	uint32_t ssrc, timestamp; /* of the last packet in order */
	uint32_t base, highest;	  /* extended sequence numbers, since the last restart */
	uint32_t expected_before; /* packets, up to the last restart */
	uint32_t packets, duplicates, jitter_count;
	struct reordering reordering; /* by extended sequence number */
	uint32_t clock_hz;   /* the last one known; 0 = none */
	uint16_t restart_at; /* where the sequence goes on, if it jumped */
	uint8_t payload_type; /* of the last packet in order that is no event */
	uint8_t run;	  /* agreeing packets; RTP_CONFIRM = confirmed */
	uint8_t misses;	  /* times a candidate began anew: the caller may give up */
	uint8_t restarts; /* jumps in the sequence */
	bool jumped;
};

/* Show a datagram that rtp_parse() took. */
enum rtp_status rtp_track_packet(struct rtp_track *t, const struct rtp_header *h, int64_t time_ns);

/*
 * The streams of one direction: sound, picture and events may share ports. A candidate can give way
 * to another, a confirmed stream never does; RTP_OTHER when all are taken.
 */
enum { RTP_TRACKS_MAX = 4 };
struct rtp_tracks {
	struct rtp_track track[RTP_TRACKS_MAX];
};
enum rtp_status rtp_tracks_packet(struct rtp_tracks *s, const struct rtp_header *h,
				  int64_t time_ns);

static inline bool rtp_track_confirmed(const struct rtp_track *t)
{
	return t->run == RTP_CONFIRM;
}

/* Packets expected by their numbers, and lost: RFC 3550 A.3, negative with duplicates. */
uint64_t rtp_expected(const struct rtp_track *t);
int64_t rtp_lost(const struct rtp_track *t);

#endif
