/* SPDX-License-Identifier: MIT
 *
 * Making and freeing what a compiled filter consists of.
 */
#include <stdlib.h>

#include "flow/rows/filter_private.h"

struct node *filter_node_new(enum node_kind kind)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n)
		n->kind = kind;
	return n;
}

static void term_free(struct term *t)
{
	for (unsigned i = 0; i < t->value_count; i++)
		filter_value_free(&t->values[i]);
	free(t->values);
}

void filter_node_free(struct node *n)
{
	struct node *next;

	for (; n; n = next) {
		next = n->next;
		filter_node_free(n->child);
		for (unsigned i = 0; i < n->test.term_count; i++)
			term_free(&n->test.terms[i]);
		free(n->test.terms);
		free(n);
	}
}

struct node *filter_test_new(const struct filter_fields *m)
{
	struct node *n = filter_node_new(NODE_TEST);

	if (!n)
		return NULL;
	n->test.kind = m->kind;
	n->test.terms = calloc(m->count, sizeof(*n->test.terms));
	if (!n->test.terms) {
		free(n);
		return NULL;
	}
	n->test.term_count = m->count;
	for (unsigned i = 0; i < m->count; i++)
		n->test.terms[i].field = m->fields[i];
	return n;
}

bool filter_term_add(struct term *t, struct value *v)
{
	struct value *more = realloc(t->values, (t->value_count + 1) * sizeof(*more));

	if (!more) {
		filter_value_free(v);
		return false;
	}
	t->values = more;
	t->values[t->value_count++] = *v;
	return true;
}
