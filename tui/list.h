/* SPDX-License-Identifier: MIT
 *
 * A view that lists rows, written once: what such a view adds is its columns and what Enter does.
 *
 * A list keeps its own cursor, order and filter, so that coming back to it finds it as it was left.
 */
#ifndef SOCKLENS_TUI_LIST_H
#define SOCKLENS_TUI_LIST_H

#include "flow/rows/field.h"
#include "flow/rows/snapshot.h"
#include "tui/columns.h"
#include "tui/prompt.h"
#include "tui/table.h"
#include "tui/view.h"

/* A cell to be filled, with what its text needs to know. */
struct list_cell {
	const struct app *app;
	const void *row;   /* of the struct that the list's kind names */
	const struct field *field; /* what the column sorts by; NULL = that is no field */
	struct table_cell *out;
};

/* What is listed, and how. Constant: one a view. */
struct list_kind {
	enum query_rows of;
	const char *group; /* of QUERY_GROUPS: what flows are added up by */
	const char *one, *many; /* "flow", "flows" */
	const struct table_column *columns; /* LIST_COLUMNS */
	unsigned column_count;
	const char *sort; /* order before the user chooses: a column's field, most first; NULL =
			     newest */
	const char *only; /* a filter that all rows pass, beside the user's; NULL = none */
	const struct field *(*field)(const char *name);
	bool (*faded)(const void *row);		      /* may be NULL */
	void (*open)(struct app *a, const void *row); /* Enter, or a second click */
};

/* All columns of a view, which are an array. */
#define LIST_COLUMNS(all) .columns = (all), .column_count = sizeof(all) / sizeof((all)[0])

struct list {
	const struct list_kind *kind;
	struct table table;
	struct table_choice choice; /* of columns */
	const struct field *fields[TABLE_COLUMNS_MAX]; /* of each column: what it sorts by */
	const char *group;	    /* as its kind has it, or as the user chose */
	char filter[PROMPT_MAX];    /* in force */
	struct id_set tagged;
	bool only_tagged;     /* the others are not shown */
	struct id_set folded; /* processes: what is below is not shown */
};

void list_init(struct list *l, const struct list_kind *kind);

/* Rows at hand: none while the answer to another list's question is. */
void list_source(const struct app *a, struct table_source *s);
/* The row under the cursor, or NULL. */
const void *list_row(const struct app *a);

/* --- for the views that list: the ops of struct view --- */

void list_query(const struct app *a, struct query *q);
void list_draw(struct app *a, struct area area);
void list_move(struct app *a, enum move how);
void list_click(struct app *a, int y, int x);

/* --- cells that many views have --- */

void cell_plain(const struct list_cell *c); /* the column's field */
void cell_some(const struct list_cell *c);  /* the same, dim when it is zero */
void cell_name(const struct list_cell *c);  /* the same, as a name */
void cell_dim(const struct list_cell *c);
/* The same, bright when it is more than zero: sent, received, worth a look, bad. */
void cell_up(const struct list_cell *c);
void cell_down(const struct list_cell *c);
void cell_warn(const struct list_cell *c);
void cell_bad(const struct list_cell *c);
void cell_time(const struct list_cell *c); /* "15:04:05" in UTC, of a field in ns */

/* --- to make cells of --- */

void cell_text(const struct list_cell *c, enum style style, const char *text);
void cell_own(const struct list_cell *c, enum style style); /* the column's field */
/* A field of the row by its name, as the table of fields writes it. */
void cell_field(const struct list_cell *c, const char *name, enum style style);
/* A process: its name and pid, or why there is none. */
void cell_process(const struct list_cell *c, const struct process_row *p);
/* Is the column that sorts by this field on the screen now? */
bool cell_is_shown(const struct list_cell *c, const char *field);

#endif
