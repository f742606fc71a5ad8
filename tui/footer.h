/* SPDX-License-Identifier: MIT
 *
 * The bottom line: the keys that do something here, or the line being typed, or why a key did
 * nothing.
 */
#ifndef SOCKLENS_TUI_FOOTER_H
#define SOCKLENS_TUI_FOOTER_H

#include "tui/canvas.h"

struct app;

void footer_draw(struct app *a, struct area line);

#endif
