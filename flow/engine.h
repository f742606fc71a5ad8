/* SPDX-License-Identifier: MIT
 *
 * One loop that owns all data: sources and probe in, flows in the middle, rows and snapshots out.
 *
 * The engine never reads a clock to decide anything: time comes with frames and events. In a
 * dashboard it runs in its own thread and talks to the screen through engine_ask and engine_take
 * only (docs/ARCHITECTURE.md, threads).
 */
#ifndef SOCKLENS_FLOW_ENGINE_H
#define SOCKLENS_FLOW_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "bpf/call_event.h"
#include "bpf/probe.h"
#include "bpf/proc.h"
#include "capture/source.h"
#include "decode/packet.h"
#include "flow/recorder.h"
#include "flow/rows/row.h"
#include "flow/rows/snapshot.h"
#include "flow/window.h"

struct engine;

enum { ENGINE_SOURCES_MAX = 4096 };

struct engine_options {
	uint32_t max_flows;	 /* 0 = default */
	uint32_t max_sockets;	 /* 0 = default */
	int64_t run_for_ns;	 /* stop after this time on a live source; 0 = until told */
	uint64_t max_packets;	 /* stop after so many; 0 = unlimited */
	uint32_t netns;		 /* inode of the network namespace captured in; 0 = unknown */
	bool key_vlan, key_tunnel; /* part of what tells flows apart */
	bool checksums;		 /* verify those of TCP, UDP and ICMP: reads every byte */
	int64_t keep_closed_ns;	 /* closed flows stay so long for the dashboard; 0 = leave at once */
	bool keep_frames;	 /* remember some of every flow's frames, for the screen (flow/recent.h) */
	bool keep_bytes;	 /* of the newest frames, for the screen (flow/kept_frames.h) */
	bool look_back;		 /* answer questions about the past: of all of a file, live of some minutes */
	bool stay;		 /* answer questions after the data has ended, until engine_stop */
	struct window_options window; /* of the frames that count; all zero = all */
	struct probe_scope scope; /* flows without a socket in it are left out, and counted */
	int until_fd;		  /* live: stop soon after it is readable (a pidfd); -1 or 0 = none */
	bool resolve_processes;	 /* ask this machine who the owners are */
	struct proc_reader *proc_reader; /* asks /proc for us; taken in any case; NULL = none */
};

/* A flow has ended (or the run has): `row` is valid during the call. */
typedef void (*flow_row_fn)(void *ctx, const struct flow_row *row);
/* A socket is gone for good (or the run ends): `row` is valid during the call. */
typedef void (*socket_row_fn)(void *ctx, const struct socket_row *row);
/* A system call record (calls level), its time already wall-clock; valid during the call. */
typedef void (*call_fn)(void *ctx, const struct call_event *c);
/* Decoded packets, duplicates marked; valid during the call. */
typedef void (*packets_fn)(void *ctx, const struct packet *packets, unsigned n);
/* Live: what happened until this time has been read. */
typedef void (*time_fn)(void *ctx, int64_t now_ns);

int engine_new(struct engine **out, const struct engine_options *o, struct err *e);
void engine_free(struct engine *en); /* frees sources and probe too; accepts NULL */

/*
 * The engine takes ownership. Sources are read side by side when live, in the order of their frames' times
 * when files (flow/in_order.h). -E2BIG beyond ENGINE_SOURCES_MAX, -ENOMEM.
 */
int engine_add_source(struct engine *en, struct source *s);
/* Before it runs: only this one of them, counted from 0. */
void engine_keep_source(struct engine *en, unsigned index);
/*
 * Once privileges are dropped: -EINVAL and the reason when a filter does not fit a file, else 0. Damage
 * is left to engine_run, which goes on with the next file.
 */
int engine_check_sources(struct engine *en, struct err *e);
void engine_set_probe(struct engine *en, struct probe *p);
/* Why there is no probe, for the health line. */
void engine_set_probe_absent(struct engine *en, const char *why);
/* Take in the sockets that were open before: before privileges are dropped. Their number or an error. */
int engine_existing_sockets(struct engine *en, struct err *e);
/* An address of this machine: a flow end there without a process is "no_socket", not "remote". */
void engine_add_local_addr(struct engine *en, const struct addr *a);

void engine_on_flow(struct engine *en, flow_row_fn fn, void *ctx);
void engine_on_socket(struct engine *en, socket_row_fn fn, void *ctx); /* only with a probe */
/* The probe's calls level is on: its calls tell delays of sockets. 0 or -ENOMEM. */
int engine_time_calls(struct engine *en);
void engine_on_call(struct engine *en, call_fn fn, void *ctx);
void engine_on_packets(struct engine *en, packets_fn fn, void *ctx);
/* Frames as they come, before anything is made of them. */
void engine_on_frames(struct engine *en, frames_fn fn, void *ctx);
void engine_on_time(struct engine *en, time_fn fn, void *ctx);

/* The end of each slice of the window's options; engine_each_flow tells then what there is so far. */
void engine_on_slice(struct engine *en, slice_fn fn, void *ctx);
/* Every flow that has not been emitted yet, as it is now. Engine thread only. */
void engine_each_flow(struct engine *en, flow_row_fn fn, void *ctx);
/*
 * What is remembered of a flow's frames (keep_frames) without its calls, while it is told or alive:
 * owned by the caller, or NULL. Engine thread only.
 */
struct flow_frames *engine_flow_frames(struct engine *en, uint64_t id);
/* The same of flows in scope, and of those only the wanted. Engine thread only. */
void engine_each_wanted(struct engine *en, bool (*wanted)(void *ctx, const struct flow_brief *flow),
			flow_row_fn fn, void *ctx);
/* Called now and then: every few thousand frames of files, every 20 ms when live. */
void engine_on_turn(struct engine *en, void (*fn)(void *ctx), void *ctx);
/* How much of the files has been read: bytes, and of how many (0 = unknown). Engine thread only. */
void engine_progress(const struct engine *en, uint64_t *done, uint64_t *size);

/*
 * Run until the sources end, the time is over, or engine_stop. 0; -EBADMSG when a file was damaged
 * (what was readable has been processed, *e says where); another negative errno on failure.
 */
int engine_run(struct engine *en, struct err *e);

/* Emit every flow not yet emitted, oldest first, then sockets, and fill the summary. Call once, after engine_run. */
void engine_finish(struct engine *en, struct summary_row *out);

/* How the recording goes, or went. Engine thread only. */
void engine_recording(const struct engine *en, struct record_row *out);

/* The summary so far; for SIGUSR1 and tests. Engine thread only. */
void engine_summary(struct engine *en, struct summary_row *out);

/* --- from any thread, and from signal handlers where noted --- */

void engine_stop(struct engine *en); /* async-signal-safe */
bool engine_stopped(const struct engine *en);
void engine_ask(struct engine *en, const struct query *q); /* the newest question wins */
/* The newest answer since the last call, owned by the caller; NULL when there is none. */
struct snapshot *engine_take(struct engine *en);
/*
 * Record what is captured from now on; a recording that runs already ends. NULL only ends it. The
 * engine takes ownership. Live sources only.
 */
void engine_record(struct engine *en, struct recorder *r);
int engine_answer_fd(const struct engine *en); /* readable when engine_take has something */

#endif
