/* SPDX-License-Identifier: MIT
 *
 * The whole range of time as one line: how much came when, and where the screen stands. There
 * while it does not follow what comes.
 */
#ifndef SOCKLENS_TUI_TIME_LINE_H
#define SOCKLENS_TUI_TIME_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"

struct app;

int time_line_height(const struct app *a); /* 0 = it is not there */
void time_line_draw(struct app *a, struct area line);
/* The time that lies at a cell of the screen; 0 = none does. */
int64_t time_line_at(const struct app *a, int y, int x);

#endif
