/* SPDX-License-Identifier: MIT
 *
 * A hash index: 64-bit hash -> 32-bit slot number, open addressing with linear probing and
 * backward-shift deletion (no tombstones, so a long-running table does not slow down).
 *
 * The index holds no keys: the owner keeps the objects and tells equality through `eq`. Hashes come
 * from hash_bytes with a random seed chosen by the owner, so that nobody can aim collisions at it.
 */
#ifndef SOCKLENS_BASE_HASH_H
#define SOCKLENS_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_NONE = 0xffffffffu }; /* "not there"; never a valid slot */

struct hash_entry {
	uint32_t tag;  /* upper half of the hash; its low bits are the home position */
	uint32_t slot; /* owner's number + 1; 0 marks an empty entry */
};

struct hash_index {
	struct hash_entry *entries; /* owned; power of two, in huge pages where possible */
	size_t mask;		    /* entries - 1 */
	size_t used;
	size_t max; /* cap: inserts beyond it are refused */
};

static inline uint32_t hash_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

/* true when slot number `slot` of the owner holds `key`. */
typedef bool (*hash_eq_fn)(const void *owner, uint32_t slot, const void *key);

/* 0, or -ENOMEM. `max` caps the number of entries; the index grows as needed until then. */
int hash_index_init(struct hash_index *h, size_t max);
void hash_index_done(struct hash_index *h);

/* The slot whose key is equal, or HASH_NONE. */
uint32_t hash_index_find(const struct hash_index *h, uint64_t hash, hash_eq_fn eq,
			 const void *owner, const void *key);

/*
 * Visit every slot stored under `hash` (equal keys may be inserted several times; other keys may
 * share the hash): *pos starts at 0. HASH_NONE ends. No change to the index between calls.
 */
uint32_t hash_index_next(const struct hash_index *h, uint64_t hash, size_t *pos);

/* 0, -ENOSPC at the cap, -ENOMEM. Does not look for an equal key. */
int hash_index_insert(struct hash_index *h, uint64_t hash, uint32_t slot);

/* Remove the entry (hash, slot); false when it is not there. */
bool hash_index_remove(struct hash_index *h, uint64_t hash, uint32_t slot);

static inline void hash_index_prefetch(const struct hash_index *h, uint64_t hash)
{
	__builtin_prefetch(&h->entries[hash_tag(hash) & h->mask]);
}

/* The first slot under this hash, without a key compare: most likely the one, to prefetch it. */
static inline uint32_t hash_index_guess(const struct hash_index *h, uint64_t hash)
{
	uint32_t tag = hash_tag(hash);
	const struct hash_entry *e;

	for (size_t i = tag & h->mask; (e = &h->entries[i])->slot; i = (i + 1) & h->mask) {
		if (e->tag == tag)
			return e->slot - 1;
	}
	return HASH_NONE;
}

/*
 * Two words into one: the halves of a 64 x 64 bit product, folded, reach every bit. The seed keeps
 * whoever chooses the words from choosing the result.
 */
static inline uint64_t hash_mix(uint64_t a, uint64_t b, uint64_t seed)
{
	/* Fractions of the golden ratio and of the square root of two: any odd numbers will do. */
	__extension__ typedef unsigned __int128 product;
	product p = (product)(a ^ seed ^ 0x9e3779b97f4a7c15) *
		    (b ^ (seed << 32 | seed >> 32) ^ 0x6a09e667f3bcc909);

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

uint64_t hash_bytes(const void *data, size_t len, uint64_t seed); /* XXH3 */
uint64_t hash_random_seed(void);				  /* getrandom(2) */

#endif
