/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The owner of the tests: slot number -> key. */
static bool same_key(const void *owner, uint32_t slot, const void *key)
{
	return ((const uint64_t *)owner)[slot] == *(const uint64_t *)key;
}

static uint64_t in_upper_half(uint32_t tag)
{
	return (uint64_t)tag << 32;
}

static void finds_what_was_inserted(void **state)
{
	uint64_t keys[] = {5, 6, 7}, absent = 8;
	struct hash_index h;

	(void)state;
	assert_int_equal(hash_index_init(&h, 10), 0);
	assert_int_equal(hash_index_find(&h, 1, same_key, keys, &absent), HASH_NONE);
	for (uint32_t i = 0; i < 3; i++) /* one hash for all: equality must decide */
		assert_int_equal(hash_index_insert(&h, 1, i), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(hash_index_find(&h, 1, same_key, keys, &keys[i]), i);
	assert_int_equal(hash_index_find(&h, 1, same_key, keys, &absent), HASH_NONE);
	hash_index_done(&h);
	assert_null(h.entries);
}

static void guess_needs_no_key(void **state)
{
	struct hash_index h;

	(void)state;
	assert_int_equal(hash_index_init(&h, 10), 0);
	assert_int_equal(hash_index_guess(&h, in_upper_half(63)), HASH_NONE);
	assert_int_equal(hash_index_insert(&h, in_upper_half(63), 9), 0);
	assert_int_equal(hash_index_insert(&h, in_upper_half(127), 8), 0); /* wraps to entry 0 */
	hash_index_prefetch(&h, in_upper_half(63));
	assert_int_equal(hash_index_guess(&h, in_upper_half(63)), 9);
	assert_int_equal(hash_index_guess(&h, in_upper_half(127)), 8);
	assert_int_equal(hash_index_guess(&h, in_upper_half(191)), HASH_NONE);
	hash_index_done(&h);
}

static void refuses_beyond_the_cap(void **state)
{
	struct hash_index h;

	(void)state;
	assert_int_equal(hash_index_init(&h, 100), 0);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(hash_index_insert(&h, in_upper_half(i), i), 0);
	assert_int_equal(hash_index_insert(&h, 0, 100), -ENOSPC);
	assert_true(hash_index_remove(&h, in_upper_half(7), 7));
	assert_int_equal(hash_index_insert(&h, 0, 100), 0);
	hash_index_done(&h);
}

static void next_visits_all_of_one_hash(void **state)
{
	struct hash_index h;
	uint32_t seen = 0, slot;
	size_t pos = 0;

	(void)state;
	assert_int_equal(hash_index_init(&h, 100), 0);
	for (uint32_t i = 0; i < 10; i++) { /* two hashes with one home, at the table's end */
		assert_int_equal(hash_index_insert(&h, in_upper_half(63), i), 0);
		assert_int_equal(hash_index_insert(&h, in_upper_half(127), 10 + i), 0);
	}
	while ((slot = hash_index_next(&h, in_upper_half(63), &pos)) != HASH_NONE)
		seen |= 1u << slot;
	assert_int_equal(seen, 0x3ff);
	assert_int_equal(hash_index_next(&h, in_upper_half(63), &pos), HASH_NONE);
	hash_index_done(&h);
}

/* Random inserts and removals among crowded hashes, compared with a plain array. */
static void agrees_with_a_plain_array(void **state)
{
	enum { KEYS = 2000, ROUNDS = 100000 };
	uint64_t keys[KEYS], hashes[KEYS];
	bool present[KEYS] = {false};
	struct hash_index h;
	unsigned seed = 3;
	size_t count = 0;

	(void)state;
	assert_int_equal(hash_index_init(&h, KEYS), 0);
	for (uint32_t i = 0; i < KEYS; i++) {
		keys[i] = i;
		/* Homes in two crowds, one of them across the end of any table. */
		hashes[i] =
			in_upper_half((uint32_t)(rand_r(&seed) % 400) + (i % 2 ? 0xffffff00 : 0));
	}
	for (int round = 0; round < ROUNDS; round++) {
		/* Fill up for a while, drain for a while: clusters form and dissolve. */
		uint32_t i = (uint32_t)rand_r(&seed) % (round / 20000 % 2 ? KEYS / 8 : KEYS);

		if (present[i])
			assert_true(hash_index_remove(&h, hashes[i], i));
		else
			assert_int_equal(hash_index_insert(&h, hashes[i], i), 0);
		present[i] = !present[i];
		count += present[i] ? 1 : (size_t)-1;
		i = (uint32_t)rand_r(&seed) % KEYS;
		assert_int_equal(hash_index_find(&h, hashes[i], same_key, keys, &keys[i]),
				 present[i] ? i : HASH_NONE);
	}
	assert_int_equal(h.used, count);
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(hash_index_remove(&h, hashes[i], i), present[i]);
	assert_int_equal(h.used, 0);
	for (size_t i = 0; i <= h.mask; i++)
		assert_int_equal(h.entries[i].slot, 0);
	hash_index_done(&h);
}

/* Large enough for mapped pages; the load stays at or under three quarters all the way. */
static void grows_to_a_million(void **state)
{
	enum { COUNT = 1000000 };
	uint64_t *keys = malloc(COUNT * sizeof(*keys));
	uint64_t seed = hash_random_seed();
	struct hash_index h;

	(void)state;
	assert_non_null(keys);
	assert_int_equal(hash_index_init(&h, COUNT), 0);
	for (uint32_t i = 0; i < COUNT; i++) {
		keys[i] = i * 7ULL;
		assert_int_equal(hash_index_insert(&h, hash_bytes(&keys[i], 8, seed), i), 0);
		if (h.used * 4 > (h.mask + 1) * 3)
			fail_msg("%zu of %zu entries in use", h.used, h.mask + 1);
	}
	for (uint32_t i = 0; i < COUNT; i++) {
		uint64_t hash = hash_bytes(&keys[i], 8, seed);

		if (hash_index_find(&h, hash, same_key, keys, &keys[i]) != i)
			fail_msg("key %u is lost", i);
	}
	hash_index_done(&h);
	free(keys);
}

/* Expected values from libxxhash itself: the flow hash must not depend on how it was built. */
static void hashes_with_xxh3(void **state)
{
	uint8_t key[40];

	(void)state;
	assert_true(hash_bytes("", 0, 0) == 0x2d06800538d394c2);
	assert_true(hash_bytes("abc", 3, 0) == 0x78af5f94892f3950);
	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = i;
	assert_true(hash_bytes(key, sizeof(key), 1) == 0xa2ffaaebb6463b9a);
}

static void seeds_differ(void **state)
{
	(void)state;
	assert_true(hash_random_seed() != hash_random_seed());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_inserted),
		cmocka_unit_test(guess_needs_no_key),
		cmocka_unit_test(refuses_beyond_the_cap),
		cmocka_unit_test(next_visits_all_of_one_hash),
		cmocka_unit_test(agrees_with_a_plain_array),
		cmocka_unit_test(grows_to_a_million),
		cmocka_unit_test(hashes_with_xxh3),
		cmocka_unit_test(seeds_differ),
	};

	return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
