/* SPDX-License-Identifier: MIT */
#include "base/slab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

struct object {
	uint64_t words[8];
};

static struct slab_id new_id(struct slab *s)
{
	struct slab_id id;

	assert_non_null(slab_new(s, &id));
	return id;
}

static void gives_zeroed_objects(void **state)
{
	static const struct object zero;
	struct slab_id id;
	struct object *o;
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, sizeof(*o), 10), 0);
	for (int i = 0; i < 3; i++) { /* the second and third reuse the slot */
		o = slab_new(&s, &id);
		assert_non_null(o);
		assert_memory_equal(o, &zero, sizeof(zero));
		assert_ptr_equal(slab_get(&s, id), o);
		assert_ptr_equal(slab_at(&s, id.slot), o);
		assert_int_equal(s.live, 1);
		memset(o, 0xff, sizeof(*o));
		slab_free(&s, id);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(s.slots, 1);
	slab_done(&s);
	assert_null(s.chunks);
}

static void stale_ids_find_nothing(void **state)
{
	struct slab_id old, other;
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, 64, 10), 0);
	assert_null(slab_get(&s, (struct slab_id){0}));
	old = new_id(&s);
	slab_free(&s, old);
	assert_null(slab_get(&s, old));
	other = new_id(&s);
	assert_int_equal(other.slot, old.slot);
	assert_null(slab_get(&s, old));
	slab_free(&s, old); /* twice: must not free the new owner's object */
	assert_non_null(slab_get(&s, other));
	assert_int_equal(s.live, 1);
	assert_null(slab_get(&s, (struct slab_id){.slot = 5, .generation = 1}));
	assert_null(slab_get(&s, (struct slab_id){.slot = UINT32_MAX, .generation = 1}));
	slab_done(&s);
}

static void an_id_of_a_free_slot_is_not_valid(void **state)
{
	struct slab_id id;
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, 64, 10), 0);
	id = new_id(&s);
	slab_free(&s, id);
	assert_null(slab_get(&s, slab_id_of(&s, id.slot)));
	slab_free(&s, slab_id_of(&s, id.slot));
	assert_int_equal(s.free_count, 1);
	slab_done(&s);
}

static void generations_wrap_safely(void **state)
{
	struct slab_id last, next;
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, 64, 1), 0);
	slab_free(&s, new_id(&s));
	s.generations[0] = UINT32_MAX - 1; /* as after 2^31 lives */
	last = new_id(&s);
	assert_int_equal(last.generation, UINT32_MAX);
	slab_free(&s, last);
	assert_null(slab_get(&s, last));
	assert_null(slab_get(&s, (struct slab_id){0}));
	next = new_id(&s);
	assert_int_equal(next.generation, 1);
	assert_null(slab_get(&s, last));
	slab_done(&s);
}

static void stops_at_the_cap(void **state)
{
	struct slab_id id = {.slot = 77};
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, 64, 3), 0);
	for (int i = 0; i < 3; i++)
		new_id(&s);
	assert_null(slab_new(&s, &id));
	assert_int_equal(id.slot, 77);
	slab_free(&s, slab_id_of(&s, 1));
	assert_int_equal(new_id(&s).slot, 1);
	assert_null(slab_new(&s, &id));
	slab_done(&s);
	assert_int_equal(slab_init(&s, 64, 0), 0);
	assert_null(slab_new(&s, &id));
	slab_done(&s);
}

/* Several chunks, a last one that is not whole; objects neither move nor overlap. */
static void keeps_objects_in_place(void **state)
{
	enum { COUNT = 5 * SLAB_CHUNK + 100 };
	struct slab_id id;
	uint64_t *first;
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, sizeof(struct object), COUNT), 0);
	first = slab_new(&s, &id);
	*first = 0;
	for (uint32_t i = 1; i < COUNT; i++) {
		struct object *o = slab_new(&s, &id);

		assert_non_null(o);
		for (int word = 0; word < 8; word++)
			o->words[word] = i;
	}
	assert_null(slab_new(&s, &id));
	assert_ptr_equal(slab_at(&s, 0), first);
	for (uint32_t i = 0; i < COUNT; i++) {
		const struct object *o = slab_at(&s, i);

		if (o->words[0] != i || o->words[7] != i)
			assert_true(i == 0 && o->words[0] == 0);
	}
	for (uint32_t i = 0; i < COUNT; i++)
		slab_free(&s, slab_id_of(&s, i));
	assert_int_equal(s.live, 0);
	assert_int_equal(s.free_count, COUNT);
	slab_done(&s);
}

static void walks_live_slots(void **state)
{
	struct slab s;

	(void)state;
	assert_int_equal(slab_init(&s, 64, 10), 0);
	assert_int_equal(slab_next(&s, 0), 0);
	for (int i = 0; i < 5; i++)
		new_id(&s);
	slab_free(&s, slab_id_of(&s, 0));
	slab_free(&s, slab_id_of(&s, 2));
	slab_free(&s, slab_id_of(&s, 4));
	assert_int_equal(slab_next(&s, 0), 1);
	assert_int_equal(slab_next(&s, 1), 1);
	assert_int_equal(slab_next(&s, 2), 3);
	assert_int_equal(slab_next(&s, 4), s.slots);
	assert_int_equal(slab_next(&s, 400), s.slots);
	slab_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_objects),
		cmocka_unit_test(stale_ids_find_nothing),
		cmocka_unit_test(an_id_of_a_free_slot_is_not_valid),
		cmocka_unit_test(generations_wrap_safely),
		cmocka_unit_test(stops_at_the_cap),
		cmocka_unit_test(keeps_objects_in_place),
		cmocka_unit_test(walks_live_slots),
	};

	return cmocka_run_group_tests_name("base/slab", tests, NULL, NULL);
}
