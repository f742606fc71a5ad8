/* SPDX-License-Identifier: MIT
 *
 * Joins flows with sockets, each end on its own, in whichever order the two become known.
 * The rules are in docs/ARCHITECTURE.md ("Correlation"); a wrong process is worse than none.
 */
#ifndef SOCKLENS_FLOW_CORRELATE_H
#define SOCKLENS_FLOW_CORRELATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/loss.h"
#include "bpf/scope.h"
#include "bpf/sock_event.h"
#include "flow/rows/process_row.h"
#include "flow/rows/row.h"
#include "flow/join/local.h"
#include "flow/join/socket.h"
#include "flow/rows/socket_row.h"
#include "flow/table.h"

struct correlator;

struct correlator_options {
	uint32_t max_sockets;	/* 0 = default */
	uint32_t max_pending;	/* flow ends that wait; 0 = default */
	uint32_t netns;		/* of the capture, 0 = unknown; preferred when tuples repeat */
	bool resolve_processes; /* ask /proc and this machine's names when an owner is first seen */
	struct proc_reader *reader;    /* asks /proc for us; borrowed; NULL = none */
	const struct clock_map *clock; /* of the events; borrowed; NULL = none */
	struct probe_scope scope;      /* only sockets in it are told, and flows bound to them */
	int64_t pending_ns;	       /* 0 = default (1 s) */
	int64_t keep_closed_ns;	       /* 0 = default of the socket table */
	/* A socket of the probe is gone for good, or the run ends. The row is valid meanwhile. */
	void (*on_socket)(void *ctx, const struct socket_row *row);
	void *ctx;
};

/* `flows` is borrowed and must outlive it. NULL = out of memory. */
struct correlator *correlator_new(const struct correlator_options *o, struct flow_table *flows);
void correlator_free(struct correlator *c); /* accepts NULL */

/* Socket events will come. Until then, or the first event, a new flow's ends are "no_probe". */
void correlator_set_probed(struct correlator *c);
/* Addresses of this machine tell "remote" from "no socket". Call again when they change. */
void correlator_local_addr(struct correlator *c, const struct addr *a);
/* The namespace of the capture, where a recording names another than that of now. */
void correlator_set_netns(struct correlator *c, uint32_t netns);
/* Borrowed. */
const struct local_addrs *correlator_local_addrs(const struct correlator *c);
/* The probe's own losses so far (probe_loss); a rise makes "no socket" of that moment "lost". */
void correlator_probe_loss(struct correlator *c, const struct loss *probe);

/* A new flow: bind what can be bound, remember the rest as pending. */
void correlator_flow(struct correlator *c, struct flow *f);
/* One event, its time already wall-clock: update the socket, then bind waiting flows. */
void correlator_event(struct correlator *c, const struct sock_event *ev);
/*
 * Time passes: pending becomes a final reason, closed sockets are forgotten. INT64_MAX settles
 * everything. A later event that matches still binds.
 */
void correlator_advance(struct correlator *c, int64_t now_ns);

/* Did the socket that an end is bound to close before this time? What comes later is another's. */
bool correlator_outlived(const struct correlator *c, const struct flow *f, int end,
			 int64_t time_ns);

/* A table's waits: is an end still looking for its socket? */
bool correlator_waits(const struct correlator *c, const struct flow *f);

/* Wait a moment for what is still being looked up about processes: before the end, after the start. */
void correlator_settle(struct correlator *c);

/* Tell every socket that was not told yet. Once, at the end. */
void correlator_tell_sockets(struct correlator *c);

/* Is an end bound to a socket that was asked for? Always, when everything was. */
bool correlator_in_scope(struct correlator *c, const struct flow *f);

/* Fill process and ledger of both ends of a row that flow_row_fill made from `f`. */
void correlator_fill(struct correlator *c, struct flow_row *row, struct flow *f);

/* The process of both ends and nothing else. */
void correlator_fill_owners(struct correlator *c, struct flow_row *row, struct flow *f);

/* How processes, users, ... are named. */
const struct identities *correlator_identities(const struct correlator *c);

/* The latest time that anything told. */
int64_t correlator_now_ns(const struct correlator *c);

/* A table's on_answer. */
void correlator_answer(struct correlator *c, const struct flow *f, int end, int64_t ns);
/* A call that returned, its time already wall-clock; what it tells of frames is a delay of its own. */
void correlator_call(struct correlator *c, const struct sock_event *ev);
void correlator_delay(struct correlator *c, uint64_t cookie, enum delay_kind kind, int64_t ns);
/* Of all sockets so far; borrowed. */
const struct delay_histograms *correlator_delays(const struct correlator *c);

struct socket_table *correlator_sockets(struct correlator *c);
uint64_t correlator_events(const struct correlator *c);		    /* events taken */
void correlator_loss(const struct correlator *c, struct loss *out); /* adds pending, sockets_full */

#endif
