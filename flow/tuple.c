/* SPDX-License-Identifier: MIT */
#include "flow/tuple.h"

#include <errno.h>
#include <string.h>

struct tuple tuple_make(uint8_t proto, const struct endpoint *local, const struct endpoint *remote)
{
	struct tuple t;

	memset(&t, 0, sizeof(t));
	t.proto = proto;
	t.local.port = local->port;
	if (!addr_is_any(&local->addr))
		t.local.addr = local->addr;
	if (remote->port)
		t.remote = *remote;
	return t;
}

bool tuple_eq(const struct tuple *a, const struct tuple *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

int tuple_index_init(struct tuple_index *x, uint32_t max)
{
	int rc = slab_init(&x->entries, sizeof(struct tuple_entry), max);

	if (rc)
		return rc;
	rc = hash_index_init(&x->hash, max);
	if (rc) {
		slab_done(&x->entries);
		return rc;
	}
	x->seed = hash_random_seed();
	return 0;
}

void tuple_index_done(struct tuple_index *x)
{
	hash_index_done(&x->hash);
	slab_done(&x->entries);
}

static uint64_t hash_of(const struct tuple_index *x, const struct tuple *t)
{
	return hash_bytes(t, sizeof(*t), x->seed);
}

uint32_t tuple_index_add(struct tuple_index *x, const struct tuple *t, uint32_t socket,
			 int64_t time_ns)
{
	struct slab_id id;
	struct tuple_entry *e = slab_new(&x->entries, &id);

	if (!e)
		return HASH_NONE;
	if (hash_index_insert(&x->hash, hash_of(x, t), id.slot)) {
		slab_free(&x->entries, id);
		return HASH_NONE;
	}
	*e = (struct tuple_entry){
		.tuple = *t, .socket = socket, .next = HASH_NONE, .time_ns = time_ns};
	return id.slot;
}

void tuple_index_remove(struct tuple_index *x, uint32_t number)
{
	struct tuple_entry *e = tuple_index_at(x, number);

	hash_index_remove(&x->hash, hash_of(x, &e->tuple), number);
	slab_free(&x->entries, slab_id_of(&x->entries, number));
}

uint32_t tuple_index_next(const struct tuple_index *x, const struct tuple *t, size_t *pos)
{
	uint64_t hash = hash_of(x, t);
	uint32_t n;

	while ((n = hash_index_next(&x->hash, hash, pos)) != HASH_NONE) {
		if (tuple_eq(&tuple_index_at(x, n)->tuple, t))
			return n;
	}
	return HASH_NONE;
}
