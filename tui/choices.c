/* SPDX-License-Identifier: MIT */
#include "tui/choices.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flow/rows/filter.h"
#include "tui/list.h"

static const struct view *list_named(const char *name)
{
	unsigned count;
	const struct view *const *all = views(&count);

	for (unsigned i = 0; i < count; i++) {
		if (all[i]->list && !strcmp(all[i]->name, name))
			return all[i];
	}
	return NULL;
}

int choices_set_columns(struct choices *c, const char *view, const char *text, struct err *e)
{
	const struct view *v = list_named(view);

	if (!v)
		return err_set(e, -EINVAL, "there is no list %s", view);
	return columns_parse(&c->columns[view_index(v)], v->list->columns, v->list->column_count,
			     text, e);
}

/* Lists differ in their fields: one that understands it is enough. */
static int try_filter(const char *text, struct err *e)
{
	struct filter *f = NULL;
	struct err later;
	int status = -EINVAL;

	for (int of = 0; of < QUERY_KINDS && status == -EINVAL; of++) {
		f = NULL;
		status = filter_compile(&f, filter_table_of((enum query_rows)of), text, NULL,
					of ? &later : e);
		filter_free(f);
	}
	return status;
}

static bool is_name(const char *name)
{
	size_t n = strlen(name);

	return n && n < SAVED_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
		       n;
}

int choices_set_filter(struct choices *c, const char *name, const char *text, struct err *e)
{
	unsigned i = 0;
	int status;

	if (!is_name(name))
		return err_set(e, -EINVAL, "a name is of letters, digits, - and _, at most %d",
			       SAVED_NAME_MAX - 1);
	if (!*text || strlen(text) >= PROMPT_MAX)
		return err_set(e, -EINVAL, "a filter has 1 to %d bytes", PROMPT_MAX - 1);
	if (strstr(text, " #") || *text == '#')
		return err_set(e, -EINVAL, "the configuration would take # for a comment");
	status = try_filter(text, e);
	if (status)
		return status;
	while (i < c->filter_count && strcmp(c->filters[i].name, name))
		i++;
	if (i == SAVED_FILTERS_MAX)
		return err_set(e, -EINVAL, "at most %d filters", SAVED_FILTERS_MAX);
	c->filter_count += i == c->filter_count;
	snprintf(c->filters[i].name, sizeof(c->filters[i].name), "%s", name);
	snprintf(c->filters[i].text, sizeof(c->filters[i].text), "%s", text);
	return 0;
}

void choices_drop_filter(struct choices *c, unsigned i)
{
	c->filter_count--;
	memmove(&c->filters[i], &c->filters[i + 1], (c->filter_count - i) * sizeof(c->filters[0]));
}
