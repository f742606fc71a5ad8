/* SPDX-License-Identifier: MIT */
#include "flow/rows/choice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/rows/process_tree.h"

struct wanted {
	struct filter *filter, *find; /* find: NULL = nothing is looked for */
	const struct field *sort, *tie; /* tie: NULL = ids order equals */
	bool descending;
};

/* --- order ------------------------------------------------------------------------------------ */

static void put_be64(unsigned char *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(v >> (56 - 8 * i));
}

enum { KEY_NUMBER = 1 + 8 };

/* Byte 0 keeps absent values last in either direction; the rest is inverted to descend. */
static void sort_key(unsigned char key[CHOICE_KEY], const struct field *f, bool descending,
		     const void *row)
{
	memset(key, 0, CHOICE_KEY);
	key[0] = !field_present(f, row);
	if (f->type == FIELD_ADDR)
		memcpy(key + 1, (const char *)row + f->offset, sizeof(struct addr));
	else if (field_is_text(f))
		field_text(f, row, false, (char *)key + 1, CHOICE_KEY - 1);
	else
		put_be64(key + 1, (uint64_t)field_int(f, row) ^ (1ull << 63));
	if (descending)
		for (int i = 1; i < CHOICE_KEY; i++)
			key[i] = (unsigned char)~key[i];
}

/* Behind a number there is room for the beginning of a text: equals come by it. */
static void tie_key(unsigned char key[CHOICE_KEY], const struct wanted *w, const void *row)
{
	if (w->tie && !field_is_text(w->sort) && w->sort->type != FIELD_ADDR)
		field_text(w->tie, row, false, (char *)key + KEY_NUMBER, CHOICE_KEY - KEY_NUMBER);
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = memcmp(x->key, y->key, CHOICE_KEY);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

/* The candidates as a tree; those in folded branches go. */
static int arrange(struct choice *c, struct row_source *from)
{
	uint32_t rows = from->usage.count;
	uint32_t *order = malloc((c->count + 1) * sizeof(*order));
	uint32_t *of_row = malloc((rows + 1) * sizeof(*of_row)); /* the candidate of each row */
	struct candidate *sorted = malloc((c->count + 1) * sizeof(*sorted));
	int64_t left = -ENOMEM;

	if (!order || !of_row || !sorted)
		goto out_free;
	memcpy(sorted, c->all, c->count * sizeof(*sorted));
	for (uint32_t i = 0; i < c->count; i++) {
		order[i] = sorted[i].slot;
		of_row[order[i]] = i;
	}
	left = process_tree(&from->usage, order, c->count, &from->q->folded);
	for (int64_t i = 0; i < left; i++)
		c->all[i] = sorted[of_row[order[i]]];
	c->count = left < 0 ? 0 : (uint32_t)left;
out_free:
	free(sorted);
	free(of_row);
	free(order);
	return left < 0 ? (int)left : 0;
}

/* --- choosing --------------------------------------------------------------------------------- */

static int wanted_init(struct wanted *w, const struct row_source *from)
{
	const struct query *q = from->q;
	const struct filter_table *table = filter_table_of(q->of);
	int status;

	*w = (struct wanted){.sort = q->sort[0] ? from->kind->find(q->sort) : NULL};
	w->descending = w->sort ? q->descending : true;
	if (!w->sort)
		w->sort = from->kind->find(from->kind->newest);
	w->tie = from->kind->tie ? from->kind->find(from->kind->tie) : NULL;
	status = row_filter(&w->filter, table, q->filter);
	return status || !q->find[0] ? status : row_filter(&w->find, table, q->find);
}

static void wanted_done(struct wanted *w)
{
	filter_free(w->filter);
	filter_free(w->find);
}

static void take(struct choice *c, const struct row_source *from, const struct wanted *w,
		 const void *row)
{
	struct candidate *n = &c->all[c->count];
	uint64_t id;

	memcpy(&id, row, sizeof(id)); /* rows begin with their ids */
	if (from->q->only.count && !id_set_has(&from->q->only, id))
		return;
	sort_key(n->key, w->sort, w->descending, row);
	tie_key(n->key, w, row);
	n->id = id;
	n->slot = from->slot - 1;
	n->found = w->find && filter_holds(w->find, row);
	c->finds += n->found;
	sums_add(&c->sums, row);
	c->count++;
}

int choice_init(struct choice *c, struct row_source *from, uint32_t max)
{
	const struct row_kind *kind = from->kind;
	void *row = malloc(kind->size);
	struct wanted w = {0};
	int status = -ENOMEM;

	*c = (struct choice){.all = malloc((max ? max : 1) * sizeof(*c->all))};
	sums_init(&c->sums, kind->find, from->q->sums);
	if (!row || !c->all)
		goto out_free;
	status = wanted_init(&w, from);
	while (!status && c->count < max && kind->next(from, row))
		if (filter_holds(w.filter, row))
			take(c, from, &w, row);
	qsort(c->all, c->count, sizeof(*c->all), compare);
	if (!status && from->q->tree && from->q->of == QUERY_PROCESSES)
		status = arrange(c, from);
out_free:
	wanted_done(&w);
	free(row);
	return status;
}

void choice_done(struct choice *c)
{
	free(c->all);
}

/* --- asking ----------------------------------------------------------------------------------- */

int64_t choice_position(const struct choice *c, uint64_t id)
{
	for (uint32_t i = 0; id && i < c->count; i++)
		if (c->all[i].id == id)
			return i;
	return -1;
}

int64_t choice_find(const struct choice *c, const struct query *q)
{
	uint32_t from = q->find_from < c->count ? q->find_from : 0;
	uint32_t step = q->find_step < 0 ? c->count - 1 : 1;
	uint32_t at = c->count ? (from + (q->find_step ? step : 0)) % c->count : 0;

	for (uint32_t i = 0; i < c->count; i++) {
		if (c->all[at].found)
			return at;
		at = (at + step) % c->count;
	}
	return -1;
}
