/* SPDX-License-Identifier: MIT
 *
 * The N flows with the largest of some number, kept while any number of flows pass by.
 */
#ifndef SOCKLENS_REPORT_TOP_H
#define SOCKLENS_REPORT_TOP_H

#include "flow/rows/filter.h"

enum { TOP_MAX = 10000 };

struct top;

/* 1 <= n <= TOP_MAX. NULL = out of memory. */
struct top *top_new(unsigned n, const struct filter_number *by);
void top_free(struct top *t); /* accepts NULL */

/* Copies what it keeps; false when memory is short: the row was left out. */
bool top_add(struct top *t, const struct flow_row *row);

/* Largest first; those that are equal as they came. NULL from the last one on. Sorts at i = 0. */
const struct flow_row *top_get(struct top *t, unsigned i);

#endif
