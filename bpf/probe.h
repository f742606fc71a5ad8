/* SPDX-License-Identifier: MIT
 *
 * The eBPF probe as user space sees it: open, read events, walk totals, count what was lost.
 *
 * Two levels (docs/ARCHITECTURE.md): accounting is always on and keeps totals per socket in kernel
 * maps; calls adds one record a system call of the processes in scope.
 */
#ifndef SOCKLENS_BPF_PROBE_H
#define SOCKLENS_BPF_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/loss.h"
#include "bpf/scope.h"
#include "bpf/sock_event.h"

enum probe_plan {
	PROBE_AUTO,
	PROBE_PLAN_N, /* sock_send_length / sock_recv_length tracepoints and cgroup hooks */
	PROBE_PLAN_S, /* sys_exit and state tracepoints only */
	PROBE_OFF
};

struct probe_options {
	enum probe_plan plan;
	bool calls;		/* the calls level too */
	bool all_families;	/* Unix, netlink, packet, vsock, ... sockets, beside IP */
	struct probe_scope scope; /* of both levels */
	uint32_t ring_bytes;	/* power of two; 0 = default */
	uint32_t max_sockets;	/* 0 = default */
};

struct probe;

/* Of a SOCK_EVENT_CALL, `ev` is the beginning of a struct call_event (bpf/call_event.h). */
typedef void (*sock_event_fn)(void *ctx, const struct sock_event *ev);

/*
 * Load and attach. 0 and *out owned by the caller, or a negative errno with the reason and remedy
 * in *e (-EPERM: capabilities; -ENOTSUP: kernel without BTF or the hooks; -ENOSYS: built with
 * BPF=0).
 */
int probe_open(struct probe **out, const struct probe_options *o, struct err *e);
void probe_free(struct probe *p); /* detaches everything; accepts NULL */

/*
 * Sockets that were open before: call once, right after probe_open and before privileges are
 * dropped. Emits SOCK_EVENT_EXISTING, one for each (socket, owner, fd). Returns the number, or a negative errno.
 */
int probe_existing(struct probe *p, sock_event_fn fn, void *ctx, struct err *e);

int probe_fd(const struct probe *p); /* ring buffer; also poll on a timer: wakeups are rationed */

/* Up to `budget` events in order of arrival, then what the overflow map recovered. Their number. */
int probe_read(struct probe *p, unsigned budget, sock_event_fn fn, void *ctx);

/*
 * One SOCK_EVENT_TOTALS for each socket whose totals changed since the last walk, before them one
 * SOCK_EVENT_INFO for each TCP socket in an open file that is not idle; behind them one SOCK_EVENT_DROPS
 * for each socket and reason whose count moved. Their number.
 */
int probe_totals(struct probe *p, sock_event_fn fn, void *ctx);

/* Calls level: one SOCK_EVENT_CALL for each call on a socket that has not returned yet. Their number. */
int probe_unfinished(struct probe *p, sock_event_fn fn, void *ctx);

void probe_loss(struct probe *p, struct loss *out); /* adds ring, calls, map_full, missed */

enum probe_plan probe_plan_used(const struct probe *p);
const char *probe_plan_name(enum probe_plan plan);   /* "N" */
const char *probe_blind_spots(const struct probe *p); /* one sentence: what this plan cannot see */

/* --- what this kernel and these privileges allow, without loading the probe --- */

struct probe_check {
	const char *name;   /* "BTF", "CAP_BPF", "cgroup v2", ... */
	bool ok;
	char detail[128];   /* what was found */
	char remedy[160];   /* what to do; "" when ok */
};
/* Fill checks[max]; returns their number. */
int probe_doctor(struct probe_check *checks, int max);

/*
 * Programs on the entry and exit of system calls that do nothing: what any tracer there costs every
 * process, the calls level included. Errors as of probe_open.
 */
struct tax;
int tax_open(struct tax **out, struct err *e);
void tax_free(struct tax *t); /* accepts NULL */

/* --- names of calls --- */
const char *sock_call_name(enum sock_call call); /* "sendto" */

#endif
