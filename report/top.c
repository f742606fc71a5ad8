/* SPDX-License-Identifier: MIT
 *
 * A heap with the smallest on top, which is the one to give way.
 */
#include "report/top.h"

#include <stdlib.h>
#include <string.h>

/* Exporters read texts in whole words, so a copy has some bytes behind its last text. */
enum { TEXT_SLACK = 64 };

struct entry {
	int64_t value;
	uint64_t order;	      /* of arrival */
	struct flow_row *row; /* owned; cut behind its texts */
};

struct top {
	struct filter_number by;
	unsigned max, count;
	uint64_t arrived;
	struct entry entries[];
};

struct top *top_new(unsigned n, const struct filter_number *by)
{
	struct top *t = calloc(1, sizeof(*t) + n * sizeof(t->entries[0]));

	if (!t)
		return NULL;
	t->by = *by;
	t->max = n;
	return t;
}

void top_free(struct top *t)
{
	if (!t)
		return;
	for (unsigned i = 0; i < t->count; i++)
		free(t->entries[i].row);
	free(t);
}

static bool smaller(const struct entry *a, const struct entry *b)
{
	return a->value != b->value ? a->value < b->value : a->order > b->order;
}

static void swap(struct entry *a, struct entry *b)
{
	struct entry kept = *a;

	*a = *b;
	*b = kept;
}

static void sift_up(struct top *t, unsigned i)
{
	for (unsigned parent; i; i = parent) {
		parent = (i - 1) / 2;
		if (!smaller(&t->entries[i], &t->entries[parent]))
			break;
		swap(&t->entries[i], &t->entries[parent]);
	}
}

static void sift_down(struct top *t)
{
	for (unsigned i = 0, child; (child = 2 * i + 1) < t->count; i = child) {
		if (child + 1 < t->count && smaller(&t->entries[child + 1], &t->entries[child]))
			child++;
		if (!smaller(&t->entries[child], &t->entries[i]))
			break;
		swap(&t->entries[child], &t->entries[i]);
	}
}

static struct flow_row *copy_of(const struct flow_row *row)
{
	size_t n = offsetof(struct flow_row, texts) + row->texts_len;
	struct flow_row *copy = malloc(n + TEXT_SLACK);

	if (!copy)
		return NULL;
	memcpy(copy, row, n);
	memset((char *)copy + n, 0, TEXT_SLACK);
	return copy;
}

bool top_add(struct top *t, const struct flow_row *row)
{
	struct entry e = {.value = filter_number(&t->by, row), .order = t->arrived++};
	bool full = t->count == t->max;

	if (full && !smaller(&t->entries[0], &e))
		return true;
	e.row = copy_of(row);
	if (!e.row)
		return false;
	if (!full) {
		t->entries[t->count] = e;
		sift_up(t, t->count++);
		return true;
	}
	free(t->entries[0].row);
	t->entries[0] = e;
	sift_down(t);
	return true;
}

static int largest_first(const void *a, const void *b)
{
	return smaller(a, b) ? 1 : -1;
}

const struct flow_row *top_get(struct top *t, unsigned i)
{
	if (i == 0)
		qsort(t->entries, t->count, sizeof(t->entries[0]), largest_first);
	return i < t->count ? t->entries[i].row : NULL;
}
