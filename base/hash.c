/* SPDX-License-Identifier: MIT
 *
 * Linear probing with backward-shift deletion (Knuth, TAOCP vol. 3, 6.4, algorithm R). The table
 * doubles at three quarters full, so a probe usually stays within one cache line (8 entries).
 */
#include "base/hash.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>

/* Short keys of known length: inlined, XXH3 is a dozen instructions instead of a call. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/pages.h"

enum { FIRST_SIZE = 64 };

/* A tag has 32 bits and gives the home position: no table can use more entries than that. */
#define LAST_SIZE ((size_t)1 << 32)

static size_t bytes_of(size_t entries)
{
	return entries * sizeof(struct hash_entry);
}

static size_t limit_of(size_t entries)
{
	return entries / 4 * 3;
}

int hash_index_init(struct hash_index *h, size_t max)
{
	struct hash_entry *entries = pages_new(bytes_of(FIRST_SIZE));

	if (!entries)
		return -ENOMEM;
	if (max > limit_of(LAST_SIZE))
		max = limit_of(LAST_SIZE);
	*h = (struct hash_index){.entries = entries, .mask = FIRST_SIZE - 1, .max = max};
	return 0;
}

void hash_index_done(struct hash_index *h)
{
	if (h->entries)
		pages_free(h->entries, bytes_of(h->mask + 1));
	*h = (struct hash_index){0};
}

uint32_t hash_index_find(const struct hash_index *h, uint64_t hash, hash_eq_fn eq,
			 const void *owner, const void *key)
{
	uint32_t tag = hash_tag(hash);
	const struct hash_entry *e;

	for (size_t i = tag & h->mask; (e = &h->entries[i])->slot; i = (i + 1) & h->mask) {
		if (e->tag == tag && eq(owner, e->slot - 1, key))
			return e->slot - 1;
	}
	return HASH_NONE;
}

uint32_t hash_index_next(const struct hash_index *h, uint64_t hash, size_t *pos)
{
	uint32_t tag = hash_tag(hash);
	const struct hash_entry *e;

	/* *pos is the distance from home; an empty entry ends the run. */
	while ((e = &h->entries[(tag + *pos) & h->mask])->slot) {
		++*pos;
		if (e->tag == tag)
			return e->slot - 1;
	}
	return HASH_NONE;
}

static void place(struct hash_entry *entries, size_t mask, struct hash_entry e)
{
	size_t i = e.tag & mask;

	while (entries[i].slot)
		i = (i + 1) & mask;
	entries[i] = e;
}

static int grow(struct hash_index *h)
{
	size_t size = (h->mask + 1) * 2;
	struct hash_entry *entries = pages_new(bytes_of(size));

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i <= h->mask; i++) {
		if (h->entries[i].slot)
			place(entries, size - 1, h->entries[i]);
	}
	pages_free(h->entries, bytes_of(h->mask + 1));
	h->entries = entries;
	h->mask = size - 1;
	return 0;
}

int hash_index_insert(struct hash_index *h, uint64_t hash, uint32_t slot)
{
	int rc;

	assert(slot != HASH_NONE);
	if (h->used >= h->max)
		return -ENOSPC;
	if (h->used >= limit_of(h->mask + 1)) {
		rc = grow(h);
		if (rc)
			return rc;
	}
	place(h->entries, h->mask, (struct hash_entry){.tag = hash_tag(hash), .slot = slot + 1});
	h->used++;
	return 0;
}

/* Close the gap: move back each entry of the run that may live there, up to the run's end. */
static void close_gap(struct hash_index *h, size_t gap)
{
	struct hash_entry *entries = h->entries;
	size_t mask = h->mask;

	for (size_t i = (gap + 1) & mask; entries[i].slot; i = (i + 1) & mask) {
		size_t from_home = (i - entries[i].tag) & mask;
		size_t from_gap = (i - gap) & mask;

		if (from_home < from_gap)
			continue; /* its home lies after the gap: it would not be found there */
		entries[gap] = entries[i];
		gap = i;
	}
	entries[gap] = (struct hash_entry){0};
}

bool hash_index_remove(struct hash_index *h, uint64_t hash, uint32_t slot)
{
	uint32_t tag = hash_tag(hash);
	const struct hash_entry *e;

	for (size_t i = tag & h->mask; (e = &h->entries[i])->slot; i = (i + 1) & h->mask) {
		if (e->tag == tag && e->slot == slot + 1) {
			close_gap(h, i);
			h->used--;
			return true;
		}
	}
	return false;
}

uint64_t hash_bytes(const void *data, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(data, len, seed);
}

uint64_t hash_random_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
		return seed;
	/* A kernel or sandbox without the call still gave every process 16 random bytes at exec. */
	memcpy(&seed, (const void *)getauxval(AT_RANDOM), sizeof(seed));
	return seed;
}
