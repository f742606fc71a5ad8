/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "flow/rows/process_tree.h"

enum { ROWS_MAX = 32 };

struct world {
	struct usage_row rows[ROWS_MAX];
	struct usage u;
	uint32_t order[ROWS_MAX];
	struct id_set folded;
};

/* Its id is its pid. */
static void add(struct world *w, int64_t pid, int64_t ppid)
{
	struct usage_row *row = &w->rows[w->u.count++];

	memset(row, 0, sizeof(*row));
	row->id = (uint64_t)pid;
	row->process.pid = pid;
	row->process.ppid = ppid;
	w->u.rows = w->rows;
}

/* "1 2:1 3:2" is pid:depth of those in `order`, in the order of the tree. */
static const char *tree_of(struct world *w, uint32_t n)
{
	static char text[512];
	int64_t left = process_tree(&w->u, w->order, n, &w->folded);
	size_t len = 0;

	text[0] = '\0';
	for (int64_t i = 0; i < left; i++) {
		const struct usage_row *r = &w->rows[w->order[i]];
		const char *sign = r->branch == BRANCH_FOLDED ? "+" : "";

		len += (size_t)sprintf(text + len, "%s%s%d:%u", i ? " " : "", sign,
				       (int)r->process.pid, r->depth);
	}
	return text;
}

static const char *whole_tree(struct world *w)
{
	for (uint32_t i = 0; i < w->u.count; i++)
		w->order[i] = i;
	return tree_of(w, w->u.count);
}

static void parents_first(void **state)
{
	struct world w = {0};

	(void)state;
	add(&w, 50, 20);
	add(&w, 40, 20);
	add(&w, 10, 1);
	add(&w, 20, 10);
	add(&w, 30, ROW_ABSENT);
	assert_string_equal(whole_tree(&w), "10:0 20:1 50:2 40:2 30:0");
	assert_int_equal(w.rows[0].rails, 2); /* 50: another child of 20 follows; none of 10 does */
	assert_int_equal(w.rows[1].rails, 0);
	assert_int_equal(w.rows[0].branch, BRANCH_NONE);
	assert_int_equal(w.rows[3].branch, BRANCH_OPEN);
}

static void folded_branches_go(void **state)
{
	struct world w = {0};

	(void)state;
	add(&w, 1, ROW_ABSENT);
	add(&w, 2, 1);
	add(&w, 3, 2);
	add(&w, 4, 1);
	id_set_turn(&w.folded, 2);
	assert_string_equal(whole_tree(&w), "1:0 +2:1 4:1");
	id_set_turn(&w.folded, 1);
	assert_string_equal(whole_tree(&w), "+1:0");
	id_set_turn(&w.folded, 1);
	id_set_turn(&w.folded, 2);
	assert_string_equal(whole_tree(&w), "1:0 2:1 3:2 4:1");
}

/* A filter left out what is between: the nearest ancestor that is there stands for it. */
static void ancestors_may_be_missing(void **state)
{
	struct world w = {0};

	(void)state;
	add(&w, 1, ROW_ABSENT);
	add(&w, 2, 1);
	add(&w, 3, 2);
	w.order[0] = 2;
	w.order[1] = 0;
	assert_string_equal(tree_of(&w, 2), "1:0 3:1");
}

/* Pids are used again: nobody is lost in a ring. */
static void rings_end(void **state)
{
	struct world w = {0};

	(void)state;
	add(&w, 1, 3);
	add(&w, 2, 1);
	add(&w, 3, 2);
	add(&w, 4, 4);
	assert_int_equal(strlen(whole_tree(&w)), strlen("1:0 3:1 2:2 4:0"));
	assert_non_null(strstr(tree_of(&w, 4), "4:0"));
}

static void sets_of_ids(void **state)
{
	struct id_set s = {0};

	(void)state;
	for (uint64_t id = ID_SET_MAX; id; id--)
		assert_true(id_set_turn(&s, id * 3));
	assert_int_equal(s.count, ID_SET_MAX);
	assert_false(id_set_turn(&s, 1)); /* full */
	assert_true(id_set_has(&s, 3) && id_set_has(&s, 3 * ID_SET_MAX));
	assert_false(id_set_has(&s, 4) || id_set_has(&s, 0));
	assert_true(id_set_turn(&s, 6));
	assert_false(id_set_has(&s, 6));
	assert_true(id_set_has(&s, 9));
	assert_int_equal(s.id[ID_SET_MAX - 1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents_first),	    cmocka_unit_test(folded_branches_go),
		cmocka_unit_test(ancestors_may_be_missing), cmocka_unit_test(rings_end),
		cmocka_unit_test(sets_of_ids),
	};

	return cmocka_run_group_tests_name("flow/process_tree", tests, NULL, NULL);
}
