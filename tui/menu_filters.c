/* SPDX-License-Identifier: MIT
 *
 * Filters that have names, from the configuration.
 */
#include "tui/menu.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"

static unsigned count(const struct app *a)
{
	return a->choices.filter_count;
}

static void item(const struct app *a, unsigned i, struct menu_item *out)
{
	const struct saved_filter *f = &a->choices.filters[i];

	out->mark = strcmp(a->list->filter, f->text) ? "" : "(x)";
	snprintf(out->name, sizeof(out->name), "%s", f->name);
	snprintf(out->help, sizeof(out->help), "%s", f->text);
}

static unsigned key(struct app *a, unsigned i, uint32_t k)
{
	char name[SAVED_NAME_MAX];

	if (k == INPUT_ENTER || k == ' ') {
		menu_close(a);
		app_recall_filter(a, &a->choices.filters[i]);
	} else if (k == INPUT_DELETE || k == 'd') {
		snprintf(name, sizeof(name), "%s", a->choices.filters[i].name);
		choices_drop_filter(&a->choices, i);
		app_keep(a, "filter", name, NULL);
	}
	return i;
}

const struct menu menu_filters = {
	.title = "Filters with names",
	.keys = "Enter takes it  d forgets it  Esc leaves",
	.count = count,
	.item = item,
	.key = key,
};
