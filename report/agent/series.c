/* SPDX-License-Identifier: MIT */
#include "report/agent/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "flow/rows/group.h"

enum { CANDIDATES = 4, SWAPS = 8 }; /* pairs known for each one shown; changes a turn */

struct series_table {
	struct hash_index index;
	uint64_t seed;
	unsigned shown, shown_max, count, room;
	struct series other;
	struct series all[];
};

/* --- life ------------------------------------------------------------------------------------- */

struct series_table *series_table_new(unsigned shown_max)
{
	unsigned room = shown_max * CANDIDATES;
	struct series_table *t = calloc(1, sizeof(*t) + room * sizeof(t->all[0]));

	if (!t)
		return NULL;
	t->seed = hash_random_seed();
	t->shown_max = shown_max;
	t->room = room;
	t->other =
		(struct series){.process = SERIES_OTHER, .protocol = SERIES_OTHER, .shown = true};
	if (hash_index_init(&t->index, room) == 0)
		return t;
	free(t);
	return NULL;
}

void series_table_free(struct series_table *t)
{
	if (!t)
		return;
	hash_index_done(&t->index);
	free(t);
}

/* --- finding ---------------------------------------------------------------------------------- */

struct pair {
	const char *process, *protocol;
};

static uint64_t hash_pair(const struct series_table *t, struct pair k)
{
	return hash_bytes(k.process, strlen(k.process),
			  t->seed ^ hash_bytes(k.protocol, strlen(k.protocol), t->seed));
}

static bool is_pair(const void *owner, uint32_t slot, const void *key)
{
	const struct series_table *t = owner;
	const struct pair *k = key;

	return strcmp(t->all[slot].process, k->process) == 0 &&
	       strcmp(t->all[slot].protocol, k->protocol) == 0;
}

static struct series *add_pair(struct series_table *t, struct pair k, uint64_t hash)
{
	struct series *s = &t->all[t->count];

	if (t->count == t->room || hash_index_insert(&t->index, hash, t->count))
		return NULL;
	t->count++;
	*s = (struct series){.shown = t->shown < t->shown_max};
	t->shown += s->shown;
	snprintf(s->process, sizeof(s->process), "%s", k.process);
	snprintf(s->protocol, sizeof(s->protocol), "%s", k.protocol);
	return s;
}

/* Its own counters, or those of all others. */
static struct series_counts *counts_of(struct series_table *t, struct pair k, uint64_t bytes)
{
	uint64_t hash = hash_pair(t, k);
	uint32_t slot = hash_index_find(&t->index, hash, is_pair, t, &k);
	struct series *s = slot == HASH_NONE ? add_pair(t, k, hash) : &t->all[slot];

	if (s)
		s->recent += bytes;
	return s && s->shown ? &s->counts : &t->other.counts;
}

/* --- counting --------------------------------------------------------------------------------- */

static const char *protocol_of(const struct flow_row *row)
{
	const char *name = *row->app ? row->app : proto_name(row->proto);

	return name ? name : SERIES_OTHER;
}

static void add_end(struct series_table *t, const struct part *p, int end, const char *process)
{
	const struct part_counts *own = &p->counts[end], *peer = &p->counts[!end];
	struct pair k = {process, protocol_of(p->row)};
	struct series_counts *c = counts_of(t, k, (uint64_t)(own->ip_bytes + peer->ip_bytes));

	c->sent_bytes += (uint64_t)own->ip_bytes;
	c->sent_packets += (uint64_t)own->packets;
	c->received_bytes += (uint64_t)peer->ip_bytes;
	c->received_packets += (uint64_t)peer->packets;
	c->retransmissions += (uint64_t)own->retransmissions;
	if (!p->last)
		return;
	c->flows++;
	c->failed += flow_failed(p->row);
	if (p->row->rtt_ns.handshake == ROW_ABSENT)
		return;
	c->handshake_ns += (uint64_t)p->row->rtt_ns.handshake;
	c->handshakes++;
}

void series_add(struct series_table *t, const struct part *p)
{
	const char *src = p->row->src.process.name, *dst = p->row->dst.process.name;

	if (*src || !*dst)
		add_end(t, p, 0, *src ? src : SERIES_UNKNOWN);
	if (*dst)
		add_end(t, p, 1, dst);
}

/* --- who is shown ----------------------------------------------------------------------------- */

/* The last one takes the place of one that nobody has heard of for long. */
static void drop(struct series_table *t, unsigned i)
{
	struct series *s = &t->all[i], *last = &t->all[t->count - 1];

	hash_index_remove(&t->index, hash_pair(t, (struct pair){s->process, s->protocol}), i);
	t->count--;
	if (s == last)
		return;
	hash_index_remove(&t->index, hash_pair(t, (struct pair){last->process, last->protocol}),
			  t->count);
	*s = *last;
	hash_index_insert(&t->index, hash_pair(t, (struct pair){s->process, s->protocol}), i);
}

/* The shown one with the least, the hidden one with the most; NULL when there is none. */
static struct series *extreme(struct series_table *t, bool shown)
{
	struct series *best = NULL;

	for (struct series *s = t->all; s < t->all + t->count; s++) {
		if (s->shown != shown)
			continue;
		if (!best || (shown ? s->recent < best->recent : s->recent > best->recent))
			best = s;
	}
	return best;
}

static bool swap_one(struct series_table *t)
{
	struct series *least = extreme(t, true), *most = extreme(t, false);

	if (!least || !most || most->recent <= 2 * least->recent)
		return false;
	least->counts = (struct series_counts){0};
	least->shown = false;
	most->shown = true;
	return true;
}

void series_turn(struct series_table *t)
{
	for (int i = 0; i < SWAPS && swap_one(t); i++)
		;
	for (unsigned i = t->count; i-- > 0;) {
		t->all[i].recent /= 2;
		if (!t->all[i].recent && !t->all[i].shown)
			drop(t, i);
	}
}

const struct series *series_get(const struct series_table *t, unsigned *i)
{
	while (*i < t->count && !t->all[*i].shown)
		(*i)++;
	if (*i > t->count)
		return NULL;
	return (*i)++ == t->count ? &t->other : &t->all[*i - 1];
}
