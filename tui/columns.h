/* SPDX-License-Identifier: MIT
 *
 * Which columns of a list are shown, and in what order: the user's choice, kept in the
 * configuration.
 */
#ifndef SOCKLENS_TUI_COLUMNS_H
#define SOCKLENS_TUI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/table.h"

enum { COLUMNS_TEXT_MAX = 768 };

void columns_init(struct table_choice *c, unsigned count);

/* As the table's author has them? */
bool columns_are_plain(const struct table_choice *c);

/* The column at this place, from the left: shown if there is room, always, never. */
void columns_turn(struct table_choice *c, unsigned place);
/* Move it by one place; where it is then. */
unsigned columns_move(struct table_choice *c, unsigned place, int step);

/*
 * "proto +src.ip -dst.ip": the fields of the columns in their order, + those that are always shown,
 * - those that never are. Columns that are not named follow as they were. 0, or -EINVAL and the
 * first wrong name in *e.
 */
int columns_parse(struct table_choice *c, const struct table_column *all, unsigned count,
		  const char *text, struct err *e);
const char *columns_text(const struct table_choice *c, const struct table_column *all,
			 char out[COLUMNS_TEXT_MAX]);

#endif
