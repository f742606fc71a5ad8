/* SPDX-License-Identifier: MIT
 *
 * Fields added up over rows: what a list shows below its titles.
 */
#ifndef SOCKLENS_FLOW_SUMS_H
#define SOCKLENS_FLOW_SUMS_H

#include "flow/rows/field.h"

enum { SUMS_MAX = 24 };

struct sums {
	const struct field *fields[SUMS_MAX];
	int64_t values[SUMS_MAX]; /* ROW_ABSENT while no row knows it */
	unsigned count;
};

/* `names` ends with NULL or at SUMS_MAX; what is no whole number is left out. */
void sums_init(struct sums *s, const struct field *(*find)(const char *name),
	       const char *const names[SUMS_MAX]);
void sums_add(struct sums *s, const void *row);
/* Into a row of the same kind, whose other fields stay as they are. */
void sums_put(const struct sums *s, void *row);

#endif
