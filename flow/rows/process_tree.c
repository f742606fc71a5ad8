/* SPDX-License-Identifier: MIT
 *
 * Parents are known by pid. A pid that was used twice, or a parent that is gone, could make a ring
 * of rows above one another: who would be his own ancestor becomes a root instead.
 */
#include "flow/rows/process_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { CLIMB_MAX = 64, NONE = -1 };

struct node {
	int32_t parent, first, next; /* rows; NONE = there is none */
	bool shown;		     /* among those that are to be arranged */
};

struct tree {
	struct usage *u;
	struct node *nodes; /* owned; one a row */
	int32_t roots;	    /* the first */
	struct hash_index by_pid;
};

static bool pid_eq(const void *owner, uint32_t n, const void *pid)
{
	const struct usage *u = owner;

	return u->rows[n].process.pid == *(const int64_t *)pid;
}

static uint64_t pid_hash(int64_t pid)
{
	return hash_mix((uint64_t)pid, 0, 0);
}

static int32_t row_of_pid(const struct tree *t, int64_t pid)
{
	uint32_t n = pid == ROW_ABSENT
			     ? HASH_NONE
			     : hash_index_find(&t->by_pid, pid_hash(pid), pid_eq, t->u, &pid);

	return n == HASH_NONE ? NONE : (int32_t)n;
}

/* The nearest ancestor that is shown, unless the way there leads through the row itself. */
static int32_t find_parent(const struct tree *t, int32_t row)
{
	int32_t at = row;

	for (int climbed = 0; climbed < CLIMB_MAX; climbed++) {
		at = row_of_pid(t, t->u->rows[at].process.ppid);
		if (at == NONE || at == row)
			return NONE;
		if (t->nodes[at].shown)
			return at;
	}
	return NONE;
}

/* Is `row` above `from`, as far as parents are known by now? */
static bool is_above(const struct tree *t, int32_t row, int32_t from)
{
	while (from != NONE && from != row)
		from = t->nodes[from].parent;
	return from == row;
}

/* Last ones first, so that each list of children ends up in order. */
static void link_rows(struct tree *t, const uint32_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int32_t parent = find_parent(t, (int32_t)order[i]);

		t->nodes[order[i]].parent = is_above(t, (int32_t)order[i], parent) ? NONE : parent;
	}
	for (uint32_t i = n; i-- > 0;) {
		struct node *node = &t->nodes[order[i]];
		int32_t *list = node->parent == NONE ? &t->roots : &t->nodes[node->parent].first;

		node->next = *list;
		*list = (int32_t)order[i];
	}
}

static void note_place(struct tree *t, int32_t row, const struct id_set *folded)
{
	const struct node *node = &t->nodes[row];
	struct usage_row *r = &t->u->rows[row];
	const struct usage_row *above = node->parent == NONE ? NULL : &t->u->rows[node->parent];

	r->depth = above ? (uint8_t)(above->depth + (above->depth < UINT8_MAX)) : 0;
	r->rails = above ? above->rails : 0;
	if (r->depth && r->depth <= USAGE_RAILS && node->next != NONE)
		r->rails |= 1u << (r->depth - 1);
	else if (r->depth && r->depth <= USAGE_RAILS)
		r->rails &= ~(1u << (r->depth - 1));
	r->branch = node->first == NONE		? BRANCH_NONE
		    : id_set_has(folded, r->id) ? BRANCH_FOLDED
						: BRANCH_OPEN;
}

/* The row that stands below this one. */
static int32_t row_after(const struct tree *t, int32_t row)
{
	if (t->u->rows[row].branch == BRANCH_OPEN)
		return t->nodes[row].first;
	while (row != NONE && t->nodes[row].next == NONE)
		row = t->nodes[row].parent;
	return row == NONE ? NONE : t->nodes[row].next;
}

static int tree_init(struct tree *t, struct usage *u, const uint32_t *order, uint32_t n)
{
	*t = (struct tree){.u = u, .roots = NONE};
	t->nodes = malloc((u->count ? u->count : 1) * sizeof(*t->nodes));
	if (!t->nodes)
		return -ENOMEM;
	if (hash_index_init(&t->by_pid, u->count + 1)) {
		free(t->nodes);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < u->count; i++) {
		t->nodes[i] = (struct node){NONE, NONE, NONE, false};
		hash_index_insert(&t->by_pid, pid_hash(u->rows[i].process.pid), i);
	}
	for (uint32_t i = 0; i < n; i++)
		t->nodes[order[i]].shown = true;
	return 0;
}

int64_t process_tree(struct usage *u, uint32_t *order, uint32_t n, const struct id_set *folded)
{
	struct tree t;
	uint32_t left = 0;

	if (tree_init(&t, u, order, n))
		return -ENOMEM;
	link_rows(&t, order, n);
	for (int32_t row = t.roots; row != NONE; row = row_after(&t, row)) {
		note_place(&t, row, folded);
		order[left++] = (uint32_t)row;
	}
	hash_index_done(&t.by_pid);
	free(t.nodes);
	return left;
}
