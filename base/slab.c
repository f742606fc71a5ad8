/* SPDX-License-Identifier: MIT */
#include "base/slab.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

/* The last chunk is only as large as the cap needs. */
static size_t chunk_bytes(const struct slab *s, uint32_t chunk)
{
	uint32_t left = s->max - chunk * SLAB_CHUNK;

	return (size_t)(left < SLAB_CHUNK ? left : SLAB_CHUNK) * s->object_size;
}

int slab_init(struct slab *s, size_t object_size, uint32_t max)
{
	size_t chunks = ((size_t)max + SLAB_CHUNK - 1) / SLAB_CHUNK;
	void **table;

	assert(object_size > 0 && object_size <= SIZE_MAX / SLAB_CHUNK);
	if (max == UINT32_MAX)
		max--; /* the hash index and the wheel keep slot + 1 */
	table = calloc(chunks ? chunks : 1, sizeof(*table));
	if (!table)
		return -ENOMEM;
	*s = (struct slab){.chunks = table, .object_size = object_size, .max = max};
	return 0;
}

void slab_done(struct slab *s)
{
	for (uint32_t i = 0; i < s->chunk_count; i++)
		pages_free(s->chunks[i], chunk_bytes(s, i));
	free(s->chunks);
	free(s->generations);
	free(s->free_slots);
	*s = (struct slab){0};
}

static int resize(uint32_t **array, size_t count)
{
	uint32_t *p = reallocarray(*array, count, sizeof(*p));

	if (!p)
		return -ENOMEM;
	*array = p;
	return 0;
}

/* The arrays with one entry a slot double: they are full when the chunks are a power of two. */
static int grow_arrays(struct slab *s)
{
	size_t chunks = s->chunk_count;
	size_t slots = (chunks ? chunks * 2 : 1) * SLAB_CHUNK;

	if (chunks & (chunks - 1))
		return 0;
	if (slots > s->max)
		slots = s->max;
	return resize(&s->generations, slots) || resize(&s->free_slots, slots) ? -ENOMEM : 0;
}

static int add_chunk(struct slab *s)
{
	void *chunk;

	if (grow_arrays(s))
		return -ENOMEM;
	chunk = pages_new(chunk_bytes(s, s->chunk_count));
	if (!chunk)
		return -ENOMEM;
	s->chunks[s->chunk_count++] = chunk;
	return 0;
}

/* A slot that was never used: its memory is still zero. */
static void *new_fresh(struct slab *s, struct slab_id *id)
{
	uint32_t slot = s->slots;

	if (slot >= s->max)
		return NULL;
	if (slot >> SLAB_CHUNK_SHIFT == s->chunk_count && add_chunk(s))
		return NULL;
	s->slots++;
	s->live++;
	s->generations[slot] = 1;
	*id = (struct slab_id){.slot = slot, .generation = 1};
	return slab_at(s, slot);
}

void *slab_new(struct slab *s, struct slab_id *id)
{
	uint32_t slot;

	if (!s->free_count)
		return new_fresh(s, id);
	/* Last freed, first used: it is the one most likely in the cache. */
	slot = s->free_slots[--s->free_count];
	s->live++;
	*id = (struct slab_id){.slot = slot, .generation = ++s->generations[slot]};
	return memset(slab_at(s, slot), 0, s->object_size);
}

void slab_free(struct slab *s, struct slab_id id)
{
	if (!slab_get(s, id))
		return;
	/* Odd to even; after 2^31 lives it wraps to 0, which is even and thus still "free". */
	s->generations[id.slot]++;
	s->free_slots[s->free_count++] = id.slot;
	s->live--;
}

uint32_t slab_next(const struct slab *s, uint32_t slot)
{
	while (slot < s->slots && !(s->generations[slot] & 1))
		slot++;
	return slot < s->slots ? slot : s->slots;
}
