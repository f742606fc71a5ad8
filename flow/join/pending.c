/* SPDX-License-Identifier: MIT */
#include "flow/join/pending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int pending_init(struct pending *p, uint32_t max)
{
	struct pending_end *ring = calloc(max, sizeof(*ring));

	if (!ring)
		return -ENOMEM;
	*p = (struct pending){.ring = ring, .max = max, .seed = hash_random_seed()};
	if (hash_index_init(&p->index, max)) {
		free(ring);
		return -ENOMEM;
	}
	return 0;
}

void pending_done(struct pending *p)
{
	hash_index_done(&p->index);
	free(p->ring);
}

uint64_t pending_hash(const struct pending *p, uint8_t proto, uint16_t local_port,
		      const struct endpoint *remote)
{
	struct {
		struct endpoint remote;
		uint16_t local_port;
		uint32_t proto;
	} k;

	memset(&k, 0, sizeof(k)); /* hashed as bytes, holes included */
	k.remote = *remote;
	k.local_port = local_port;
	k.proto = proto;
	return hash_bytes(&k, sizeof(k), p->seed);
}

int pending_put(struct pending *p, const struct pending_end *e)
{
	uint32_t n = (p->head + p->count) % p->max;
	int rc = hash_index_insert(&p->index, e->hash, n);

	if (rc)
		return rc;
	p->ring[n] = *e;
	p->count++;
	return 0;
}

const struct pending_end *pending_oldest(const struct pending *p)
{
	return p->count ? &p->ring[p->head] : NULL;
}

void pending_drop_oldest(struct pending *p)
{
	hash_index_remove(&p->index, p->ring[p->head].hash, p->head);
	p->head = (p->head + 1) % p->max;
	p->count--;
}

const struct pending_end *pending_next(const struct pending *p, uint64_t hash, size_t *pos)
{
	uint32_t n = hash_index_next(&p->index, hash, pos);

	return n == HASH_NONE ? NULL : &p->ring[n];
}
