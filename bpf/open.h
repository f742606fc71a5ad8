/* SPDX-License-Identifier: MIT
 *
 * The open probe, between the file that opens it and the file that reads it.
 */
#ifndef SOCKLENS_BPF_OPEN_H
#define SOCKLENS_BPF_OPEN_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/load.h"
#include "bpf/probe.h"
#include "bpf/shared.h"

enum { WALK_BATCH = 512 };

struct again;
struct call_queue;
struct accounting_bpf;
struct fallback_bpf;
struct iters_bpf;
struct calls_bpf;
struct returns_bpf;
struct drops_bpf;
struct ring_buffer;

struct probe {
	enum probe_plan plan;
	struct loader loader;
	struct accounting_bpf *accounting; /* plan N; owned */
	struct fallback_bpf *fallback;	   /* plan S; owned */
	struct iters_bpf *iters;	   /* owned */
	struct returns_bpf *returns;	   /* plan N where the kernel can; owned, NULL = not */
	struct calls_bpf *calls;	   /* calls level; owned, NULL = off */
	struct again *again;		   /* calls level; owned, NULL = off */
	void *queues;			   /* mapped; struct call_queue, one a CPU */
	unsigned queue_count, queue_calls;
	struct bpf_object *maps;	   /* the accounting object, which made the maps; borrowed */
	struct bpf_object *calls_obj;	   /* borrowed; NULL = calls level off */
	struct bpf_object *returns_obj;	   /* borrowed; NULL = not in use */
	struct drops_bpf *drops;	   /* owned, NULL = this kernel cannot tell */
	struct bpf_object *drops_obj;	   /* borrowed; NULL = not in use */
	struct bpf_link *existing, *refresh; /* borrowed from iters */
	struct ring_buffer *ring;	   /* owned */
	struct probe_control *control;	   /* mapped */
	int sockets_fd, overflow_fd, late_peers_fd; /* borrowed from `maps` */
	bool reconcile;			   /* no hook tells when datagram sockets end */
	uint64_t secret;		   /* scrambles kernel addresses that stand in for cookies */
	uint64_t drained, pushed_out;	   /* of control->overflowed */
	bool files_walked;		   /* the last walk over open files went well */
	uint64_t walk_told_ns;		   /* control->told_ns at the last walk */
	struct sock_entry *walk;	   /* owned; room for WALK_BATCH */
	/* during one probe_read */
	uint64_t looked_ns; /* when it was seen what is in the queues */
	int64_t left;	    /* of the budget; below 0 if calls had to be told out of turn */
	sock_event_fn fn;
	void *fn_ctx;
};

/* Load, attach and map everything into a zeroed probe; on failure probe_stop cleans up. */
int probe_start(struct probe *p, const struct probe_options *o, struct err *e);
void probe_stop(struct probe *p);

/* The calls level: load it, attach it, close it (also when it never opened). */
int calls_size_maps(struct probe *p, struct bpf_object *obj); /* before `obj` is loaded */
int calls_open(struct probe *p, const struct probe_options *o, struct err *e);
int calls_attach(struct probe *p, struct err *e);
void calls_close(struct probe *p);

/* Packets thrown away (with_drops.c): left out where the kernel cannot tell whose they were. */
void drops_open(struct probe *p, const struct probe_options *o);
void drops_close(struct probe *p);
int drops_report(struct probe *p, uint64_t epoch, sock_event_fn fn, void *ctx);

/* Called by libbpf for each record of the ring. */
int probe_on_record(void *ctx, void *data, size_t size);

#endif
