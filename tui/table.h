/* SPDX-License-Identifier: MIT
 *
 * A list with columns: written once, used by every view that lists things.
 *
 * The table never sees what it lists. A source gives the number of rows, an id and a text a cell;
 * only a window of the rows may be at hand. Once moved, the cursor sticks to the id of its
 * row, wherever sorting puts it; at home it stays on the first line instead.
 */
#ifndef SOCKLENS_TUI_TABLE_H
#define SOCKLENS_TUI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"

struct list_cell;

enum column_kind {
	COLUMN_TEXT,   /* aligned left */
	COLUMN_NUMBER, /* aligned right */
	COLUMN_SUM,    /* the same; and the sum over all rows means something */
};

struct table_column {
	void (*cell)(const struct list_cell *c); /* fills its cells: for who owns the source */
	const char *title;
	const char *help;
	const char *sort;  /* field to sort by; NULL = cannot */
	uint8_t width;	   /* least columns */
	uint8_t max_width; /* grows to this where there is room */
	uint8_t priority;  /* 0 is always shown; the highest goes first on narrow screens */
	uint8_t kind;	   /* enum column_kind */
};

enum { TABLE_CELL_MAX = 256, TABLE_COLUMNS_MAX = 24 };

enum column_show { SHOW_IF_ROOM, SHOW_ALWAYS, SHOW_NEVER, SHOW_KINDS };

/* Of the columns there are: which, and in what order (tui/columns.h). */
struct table_choice {
	uint8_t count;
	uint8_t order[TABLE_COLUMNS_MAX]; /* columns, from the left */
	uint8_t show[TABLE_COLUMNS_MAX];  /* by column: enum column_show */
};

struct table_cell {
	char text[TABLE_CELL_MAX];
	char right[16]; /* dim, at the right edge: survives when text is cut; "" = none */
	uint16_t width; /* columns that there are for both: given */
	uint8_t style;	/* enum style */
};

struct table_source {
	const struct table_column *columns;
	unsigned column_count;
	const struct table_choice *choice; /* NULL = all of them, as room allows, as they are */
	const void *ctx;
	/* `row` is in [0, count): position in the window. */
	uint64_t (*id)(const void *ctx, uint32_t row);
	void (*cell)(const void *ctx, uint32_t row, unsigned column, struct table_cell *out);
	bool (*faded)(const void *ctx, uint32_t row); /* the row is dim, but for what is bad */
	bool (*tagged)(const void *ctx, uint32_t row); /* it has a mark before it; may be NULL */
	bool (*foot)(const void *ctx, unsigned column, struct table_cell *out); /* what stands at
		the foot of a column, false = nothing; NULL = there is no such line */
	uint8_t number_width;	/* least width of columns aligned right; 0 = as in the column */
	uint32_t offset, count; /* window of the rows at hand */
	uint32_t total;		/* rows there are */
	int64_t follow_index;	/* where the row of the cursor's id is, if known; else -1 */
};

struct table {
	uint64_t cursor_id; /* row the cursor sticks to; 0 = none or not known yet */
	uint32_t cursor;    /* index among all rows */
	uint32_t top;	    /* first row shown */
	int page;	    /* rows shown; 0 before the first draw */
	int sort;	    /* column; -1 = the source's own order */
	bool descending;
	bool sticky;	    /* the cursor has been moved: follow its row */
	bool foot;	    /* the last line of the area has the sums */
	struct area area;   /* where it was drawn, for clicks */
	struct table_layout {
		int count;
		struct {
			uint8_t column;
			int16_t x, width;
		} at[TABLE_COLUMNS_MAX];
	} layout;
};

void table_init(struct table *t);

/* New rows: find the cursor's row again, or the one that took its place. */
void table_update(struct table *t, const struct table_source *s);

void table_move(struct table *t, const struct table_source *s, int64_t rows);
void table_home(struct table *t); /* and let go of the row */
void table_end(struct table *t, const struct table_source *s);
void table_point(struct table *t, const struct table_source *s, uint32_t index);

/* Next (+1) or previous (-1) column that is shown and can be sorted by. */
void table_sort_step(struct table *t, const struct table_source *s, int step);
void table_sort_by(struct table *t, const struct table_source *s, unsigned column);

/* The rows worth having at hand: what is shown and a page on either side. */
void table_window(const struct table *t, uint32_t *offset, uint32_t *limit);

void table_draw(struct table *t, struct canvas *c, struct area area, const struct table_source *s);

/* What lies at a cell of the screen: a column's title, a row, or nothing. */
enum table_hit { TABLE_HIT_NONE, TABLE_HIT_TITLE, TABLE_HIT_ROW };
enum table_hit table_hit(const struct table *t, const struct table_source *s, int y, int x,
			 uint32_t *index);

/* true when every row to be shown is at hand. */
bool table_complete(const struct table *t, const struct table_source *s);

/* Position of the cursor in the window, or -1 when its row is not at hand. */
int64_t table_cursor_in_window(const struct table *t, const struct table_source *s);

#endif
