/* SPDX-License-Identifier: MIT
 *
 * What the user chose and finds again the next time: columns, filters with names, the tree of
 * processes. Read from the configuration, and kept there (keep_fn).
 */
#ifndef SOCKLENS_TUI_CHOICES_H
#define SOCKLENS_TUI_CHOICES_H

#include "base/err.h"
#include "tui/columns.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { SAVED_FILTERS_MAX = 32, SAVED_NAME_MAX = 32 };

struct saved_filter {
	char name[SAVED_NAME_MAX]; /* letters, digits, - and _ */
	char text[PROMPT_MAX];
};

struct choices {
	struct table_choice columns[VIEWS_MAX]; /* by view_index; count 0 = as they are */
	struct saved_filter filters[SAVED_FILTERS_MAX];
	unsigned filter_count;
	bool tree; /* processes */
};

/*
 * One line of the configuration goes: "SETTING NAME VALUE" instead of one that began alike, or,
 * with value NULL, none. 0, or a negative errno with the reason in *e.
 */
typedef int (*keep_fn)(void *ctx, const char *setting, const char *name, const char *value,
		       struct err *e);

/* Of a view by its name. 0, or -EINVAL and the reason. */
int choices_set_columns(struct choices *c, const char *view, const char *text, struct err *e);
/* Instead of the one of that name. The same; an expression that no list understands is wrong. */
int choices_set_filter(struct choices *c, const char *name, const char *text, struct err *e);
void choices_drop_filter(struct choices *c, unsigned i);

#endif
