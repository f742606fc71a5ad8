/* SPDX-License-Identifier: MIT */
#include "flow/rows/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/rows/filter_private.h"

/* --- compiling -------------------------------------------------------------------------------- */

/* Characters, not bytes: people count those. */
static unsigned place_of(const char *text, size_t at)
{
	unsigned n = 1;

	for (size_t i = 0; i < at; i++)
		n += ((uint8_t)text[i] & 0xc0) != 0x80;
	return n;
}

static int compile(struct filter *f, const char *text, struct fault *fault)
{
	struct err reason = {""};
	struct fault inner = {.e = &reason};
	int status;

	if (strnlen(text, FILTER_LENGTH_MAX + 1) > FILTER_LENGTH_MAX) {
		fault->at = FILTER_LENGTH_MAX;
		return err_set(fault->e, -EINVAL, "filter: longer than %d bytes",
			       FILTER_LENGTH_MAX);
	}
	status = filter_parse(&f->root, f->table, text, &inner);
	if (status == 0)
		return 0;
	fault->at = inner.at;
	return err_set(fault->e, status, "filter, character %u: %s", place_of(text, inner.at),
		       reason.text);
}

int filter_compile(struct filter **out, const struct filter_table *table, const char *text,
		   size_t *at, struct err *e)
{
	struct filter *f = calloc(1, sizeof(*f));
	struct fault fault = {.e = e};
	int status;

	if (!f)
		return err_set(e, -ENOMEM, "filter: out of memory");
	f->table = table;
	status = compile(f, text, &fault);
	if (status < 0) {
		if (at)
			*at = fault.at;
		filter_free(f);
		return status;
	}
	*out = f;
	return 0;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	filter_node_free(f->root);
	free(f);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* As deep as the text was nested: FILTER_DEPTH_MAX. */
static bool holds(struct filter *f, const struct node *n, const void *row)
{
	switch (n->kind) {
	case NODE_TEST: return filter_test_holds(f, &n->test, row);
	case NODE_NOT: return !holds(f, n->child, row);
	default: break;
	}
	for (const struct node *c = n->child; c; c = c->next)
		if (holds(f, c, row) == (n->kind == NODE_ANY))
			return n->kind == NODE_ANY;
	return n->kind == NODE_ALL;
}

bool filter_holds(struct filter *f, const void *row)
{
	return !f->root || holds(f, f->root, row);
}

uint64_t filter_gave_up(const struct filter *f)
{
	return f->gave_up;
}

/* --- from a cell ------------------------------------------------------------------------------ */

enum { CELL_MAX = 1024 };

/* The first of several; false when it does not fit. */
static bool first_value(char *out, const struct field *f, const void *row)
{
	char text[CELL_MAX];
	const char *from = text;
	size_t n;

	if (field_is_text(f)) {
		from = field_chars(f, row);
		n = strcspn(from, (const char[]){FIELD_LIST_SEPARATOR, '\0'});
	} else {
		field_text(f, row, false, text, sizeof(text));
		n = strcspn(text, " ");
	}
	if (n >= CELL_MAX)
		return false;
	memcpy(out, from, n);
	out[n] = '\0';
	return true;
}

static char *put_quoted(char *w, const char *text)
{
	*w++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*w++ = '\\';
		*w++ = *text;
	}
	*w++ = '"';
	*w = '\0';
	return w;
}

size_t filter_of_value(char *out, size_t cap, const struct field *f, const char *value)
{
	char text[FILTER_NAME_MAX + 2 * CELL_MAX + 8], *w;

	if (strlen(value) >= CELL_MAX)
		return 0;
	w = stpcpy(stpcpy(text, f->name), " = ");
	w = field_is_text(f) ? put_quoted(w, value) : stpcpy(w, value);
	if (f->type == FIELD_DURATION)
		w = stpcpy(w, "ns");
	if ((size_t)(w - text) >= cap)
		return 0;
	memcpy(out, text, (size_t)(w - text) + 1);
	return (size_t)(w - text);
}

size_t filter_of_cell(char *out, size_t cap, const struct field *f, const void *row)
{
	char value[CELL_MAX];

	if (!field_present(f, row) || !first_value(value, f, row))
		return 0;
	return filter_of_value(out, cap, f, value);
}
