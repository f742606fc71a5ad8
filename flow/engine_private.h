/* SPDX-License-Identifier: MIT
 *
 * What the engine's own files share: its life and the loop (engine.c, loop.c), frames and events
 * (engine_take.c), what it has counted (summary.c), questions (engine_ask.c) and answers (snapshot.c).
 */
#ifndef SOCKLENS_FLOW_ENGINE_PRIVATE_H
#define SOCKLENS_FLOW_ENGINE_PRIVATE_H

#include <stdatomic.h>

#include "base/clock.h"
#include "decode/decode.h"
#include "flow/join/delays.h"
#include "flow/join/call_delays.h"
#include "flow/join/correlate.h"
#include "flow/duplicate.h"
#include "flow/engine.h"
#include "flow/rates.h"
#include "flow/past.h"
#include "flow/recent.h"
#include "flow/replay.h"
#include "flow/recorder.h"
#include "flow/table.h"
#include "flow/time_axis.h"

struct kept_choice;

struct engine_counts {
	uint64_t packets, bytes;
	uint64_t other[PACKET_OTHER_COUNT]; /* those in flows as well, as PACKET_IN_FLOW */
	uint64_t anomalies[ANOMALY_COUNT];
	uint64_t out_of_scope;	/* flows that were left out */
	int64_t first_ns, last_ns; /* of the data; first 0 = none yet */
	int64_t disorder_ns;	   /* a frame came so much before one with an earlier time */
};

/* Traffic of the last whole second of the data, for the header line. */
struct engine_meter {
	int64_t since_ns;
	uint64_t packets, bytes; /* counts at since_ns */
	int64_t packets_per_s, bits_per_s;
};

struct engine {
	struct engine_options options;
	struct source **sources; /* owned, as what they point at */
	unsigned source_count;
	unsigned file_index; /* source being read, when reading files */
	struct probe *probe; /* owned; NULL = none */
	struct delay_histograms delays; /* filled at the end of a run */
	char probe_absent[160];
	struct flow_table *flows;
	struct correlator *correlator;
	struct call_delays *call_delays; /* NULL unless calls are timed */
	struct duplicates *duplicates;
	struct clock_map clock;
	struct rates rates;
	struct recent *recent; /* with keep_frames */
	struct kept_frames *bytes; /* with keep_bytes */
	struct time_axis *axis; /* with look_back */
	struct past *past;	   /* of live traffic; NULL unless asked for */
	struct rates then_rates;   /* while the past is looked at: of then */
	bool still;		   /* nothing comes by itself: a replay's */
	struct kept_choice *kept;  /* the last choice of flows; NULL = none */
	int64_t then_ns;	   /* the same: the time that is looked at; 0 = now */
	struct replay *replay;	   /* of files, while the past is looked at; or NULL */
	uint64_t seed; /* of what answers to the screen add up */
	struct packet packets[SOURCE_BATCH];
	struct window window;
	frames_fn frames; /* engine_frames, or the window in front of it, and its ctx */
	void *frames_ctx;
	struct engine_counts counts;
	struct engine_meter meter;
	struct err error; /* of a source that failed; "" when none */
	int status;	  /* negative errno of the same */
	bool finished;
	bool recorded; /* a file told of sockets: what its comments say is known better */
	unsigned source_now; /* live: which one is read */
	struct recorder *recorder; /* owned; NULL = nothing is recorded */
	struct record_row record;  /* of the last recording */

	flow_row_fn on_flow;
	void *on_flow_ctx;
	socket_row_fn on_socket;
	void *on_socket_ctx;
	void (*on_turn)(void *ctx);
	void *on_turn_ctx;
	call_fn on_call;
	void *on_call_ctx;
	frames_fn on_frames;
	void *on_frames_ctx;
	packets_fn on_packets;
	void *on_packets_ctx;
	time_fn on_time;
	void *on_time_ctx;

	int wake_fd, answer_fd;
	atomic_bool stop;
	_Atomic(struct recorder *) next_recorder; /* owned; to be begun ... */
	atomic_bool end_recorder; /* ... or not: the present one is to end */
	_Atomic(struct query *) question;    /* newest; owned by whoever swaps it out */
	atomic_bool urgent; /* of the newest question */
	_Atomic(struct snapshot *) answer;   /* likewise */
	int64_t answered_mono_ns, answer_cost_ns; /* the last answer's end and cost */
};

/* Take in frames (a frames_fn) and a socket event in the probe's time (a sock_event_fn). */
void engine_frames(void *ctx, const struct frame *frames, unsigned n);
void engine_event(void *ctx, const struct sock_event *ev);

/* Answer the newest question, if there is one and it is due. */
void engine_serve(struct engine *en);

/* Begin or end recording, if that was asked for. */
void engine_turn_recorder(struct engine *en);
void engine_end_recording(struct engine *en);

/* Remember the worst that happened to a source; the run goes on. */
void engine_note_damage(struct engine *en, int status, const struct err *e);

/* All of a flow, from every part of the engine. */
void engine_fill_row(struct engine *en, struct flow_row *row, struct flow *f);

/* Of these the rates. */
void engine_fill_rates(const struct engine *en, struct flow_row *row, const struct flow *f);

/* Live: what the flows are now will be known later on. */
void engine_mark(struct engine *en);

/* Answer a question about what is known now. NULL = out of memory. */
struct snapshot *engine_snapshot(struct engine *en, const struct query *q);
/* The same about any time; NULL also when another question came meanwhile. */
struct snapshot *engine_look(struct engine *en, const struct query *q);

#endif
