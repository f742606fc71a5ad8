/* SPDX-License-Identifier: MIT */
#include "report/interval.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { FLOWS_MAX = 16 << 20 };

struct kept {
	uint64_t id;
	struct amounts amounts;
};

/* All flows of one moment. */
struct moment {
	struct hash_index index;
	struct kept *all; /* owned */
	unsigned count, room;
};

struct intervals {
	uint64_t seed;
	struct moment before, now;
};

static uint64_t hash_id(const struct intervals *v, uint64_t id)
{
	return hash_mix(id, 0, v->seed);
}

static void moment_done(struct moment *m)
{
	hash_index_done(&m->index);
	free(m->all);
	*m = (struct moment){0};
}

struct intervals *intervals_new(void)
{
	struct intervals *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->seed = hash_random_seed();
	if (hash_index_init(&v->before.index, FLOWS_MAX) == 0 &&
	    hash_index_init(&v->now.index, FLOWS_MAX) == 0)
		return v;
	intervals_free(v);
	return NULL;
}

void intervals_free(struct intervals *v)
{
	if (!v)
		return;
	moment_done(&v->before);
	moment_done(&v->now);
	free(v);
}

static bool has_id(const void *owner, uint32_t slot, const void *key)
{
	const struct moment *m = owner;

	return m->all[slot].id == *(const uint64_t *)key;
}

const struct amounts *intervals_before(const struct intervals *v, const struct flow_row *row)
{
	const struct moment *m = &v->before;
	uint32_t slot = hash_index_find(&m->index, hash_id(v, row->id), has_id, m, &row->id);

	return slot == HASH_NONE ? NULL : &m->all[slot].amounts;
}

static bool make_room(struct moment *m)
{
	unsigned room = m->room ? m->room * 2 : 1024;
	struct kept *more;

	if (m->count < m->room)
		return true;
	more = realloc(m->all, room * sizeof(*more));
	if (!more)
		return false;
	m->all = more;
	m->room = room;
	return true;
}

bool intervals_keep(struct intervals *v, const struct flow_row *row)
{
	struct moment *m = &v->now;

	if (!make_room(m) || hash_index_insert(&m->index, hash_id(v, row->id), m->count) < 0)
		return false;
	m->all[m->count++] = (struct kept){.id = row->id, .amounts = amounts_of(row)};
	return true;
}

void intervals_turn(struct intervals *v)
{
	struct moment old = v->before;

	for (unsigned i = 0; i < old.count; i++)
		hash_index_remove(&old.index, hash_id(v, old.all[i].id), i);
	old.count = 0;
	v->before = v->now;
	v->now = old;
}
