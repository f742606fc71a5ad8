/* SPDX-License-Identifier: MIT
 *
 * Finding a row of a list without hiding the others: the engine, which has all rows, is asked for
 * the place of the next one that an expression holds for, and the cursor goes there.
 */
#ifndef SOCKLENS_TUI_SEEK_H
#define SOCKLENS_TUI_SEEK_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/rows/snapshot.h"

struct app;

struct seek {
	uint32_t ticket; /* of the last time that something was looked for */
	uint32_t done;	 /* the same once it has been answered */
	uint32_t from;	 /* where the cursor was */
	uint32_t finds;	 /* rows that had it */
	int step;
	bool nothing; /* none had it */
};

/* From the cursor on (0), the next one (1), the one before (-1); what is in a->sought. */
void seek_row(struct app *a, int step);
/* The same from a row on. */
void seek_from(struct app *a, uint32_t from, int step);

void seek_query(const struct app *a, struct query *q);
void seek_take(struct app *a, const struct snapshot *s);

#endif
