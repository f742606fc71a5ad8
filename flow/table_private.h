/* SPDX-License-Identifier: MIT
 *
 * What the files behind flow/table.h share.
 */
#ifndef SOCKLENS_FLOW_TABLE_PRIVATE_H
#define SOCKLENS_FLOW_TABLE_PRIVATE_H

#include "base/hash.h"
#include "base/histogram.h"
#include "base/slab.h"
#include "base/wheel.h"
#include "flow/flow.h"
#include "flow/app/follow.h"
#include "flow/fragment.h"
#include "flow/app/inspect.h"
#include "flow/app/media.h"
#include "flow/past.h"
#include "flow/reassembly.h"
#include "flow/table.h"
#include "flow/tags.h"
#include "flow/app/tokens.h"
#include "flow/tunnel_totals.h"

#define FLOW_TICK_NS 1000000000ll

/*
 * The wheel looks at every flow at least so often, since a flow that closes wants to leave sooner than
 * its entry comes up. So a slot that was freed and taken again while its entry stood in the wheel is
 * looked at in time as well.
 */
#define FLOW_VISIT_NS (10 * FLOW_TICK_NS)

/* Of both ends of a flow. */
struct bindings {
	struct binding of[2];
};

struct flow_table {
	struct flow_table_options o;
	struct slab flows;
	struct slab rare;
	struct slab followed[FOLLOW_KINDS];
	struct media_table media;
	struct slab bindings;  /* struct bindings */
	struct bindings bindings_sink; /* takes those for which there was no memory */
	struct flow_rare sink; /* takes the counts of flows for which there was no rare part */
	struct hash_index index;
	struct wheel wheel;
	struct fragments fragments;
	struct reassembly reassembly;
	struct tag_table tags;
	struct tunnel_totals tunnels;
	struct tokens mptcp, sctp_tags;
	struct inspector inspector;
	struct histogram dns_waits; /* from a query to its answer */
	uint64_t seed;
	uint32_t tcp_marks; /* of the segment at hand: 1 << enum tcp_counter */
	struct past *past;	/* is told of changes; borrowed; NULL = nobody looks back */
	int64_t shown_until_ns; /* flows that began later are not to be seen: the past is looked at */
	bool patient; /* flow_table_be_patient() */
	int64_t now_ns;	       /* latest time seen */
	int64_t before_ns;     /* when the flow of the packet at hand had its last one */
	int64_t next_tick_ns;  /* the wheel need not be asked before */
	int64_t newest_start_ns; /* latest start of a flow */
	bool unordered;	       /* slots may not be in order of start time */
	uint64_t total;	       /* flows ever */
	uint64_t refused;      /* packets that found the table full */
	uint32_t ended;	       /* flows that are kept for the screen only */
	uint32_t held;	       /* flows that have ended and are still to be told of */
	uint64_t not_held;     /* flows told of too early, as too many were held */
	uint32_t reclaim_hand; /* where the last search for one of them stopped */
};

/* A flow that one may only look at is const; the table's own code may change its cold part still. */
static inline struct flow_cold *flow_cold_of(const struct flow_table *t, const struct flow *f)
{
	(void)t;
	return (struct flow_cold *)(uintptr_t)&f->cold;
}

/*
 * All lines of a flow, before they are read. Always inline, as gcc takes a function that does nothing
 * but prefetch for one without effect, and drops the call.
 */
__attribute__((always_inline)) static inline void flow_prefetch(const struct flow_table *t, uint32_t slot)
{
	const char *line = slab_at(&t->flows, slot);

	for (size_t at = 0; at < sizeof(struct flow); at += 64)
		__builtin_prefetch(line + at, 1);
}

/* ... and what those lines say that it has elsewhere, once they have come. */
__attribute__((always_inline)) static inline void flow_prefetch_parts(const struct flow_table *t,
								      const struct flow *f)
{
	if (f->rare)
		__builtin_prefetch(slab_at(&t->rare, f->rare - 1), 1);
}

/* NULL when nothing odd happened to the flow. */
static inline struct flow_rare *flow_rare_peek(const struct flow_table *t, const struct flow *f)
{
	return f->rare ? slab_at(&t->rare, f->rare - 1) : NULL;
}

/* Makes it; never NULL. */
struct flow_rare *flow_rare_of(struct flow_table *t, struct flow *f);

static inline uint64_t flow_hash(const struct flow_table *t, const struct flow_key *k)
{
	return flow_key_hash(k, t->seed);
}

struct flow *flow_find_hashed(struct flow_table *t, const struct flow_key *k, uint64_t hash);
struct flow *flow_create(struct flow_table *t, const struct flow_key *k,
			 uint64_t hash);				/* or NULL */
void flow_end(struct flow_table *t, struct flow *f, enum flow_end why); /* f may be gone after it */
/* Forget a flow that is out of the index. */
void flow_release(struct flow_table *t, struct flow *f);
/* Make room at the cap: flows that are kept for the screen only give way, round robin. */
bool flow_reclaim(struct flow_table *t);

/*
 * A new flow's start is known. At the end of the run flows are reported in the order of their start,
 * which most often is that of their slots; to know that then takes a pass over all of them.
 */
static inline void flow_note_start(struct flow_table *t, const struct flow *f)
{
	if (f->start_ns < t->newest_start_ns || f->slot + 1 != t->flows.slots)
		t->unordered = true;
	else
		t->newest_start_ns = f->start_ns;
}

/* Before a flow changes. */
static inline void flow_changes(struct flow_table *t, struct flow *f)
{
	if (t->past)
		past_keep(t->past, f);
}

/* A fragment_charge_fn of a struct flow_table. */
void flow_charge_fragments(void *owner, const struct flow_key *k, int sender,
			   const struct fragment_sum *sum);

/* A reassembly_fn of a struct flow_table. */
void flow_show_beginning(void *owner, const struct reassembled *r);

#endif
