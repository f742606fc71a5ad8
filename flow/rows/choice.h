/* SPDX-License-Identifier: MIT
 *
 * Which rows answer a question, and in what order.
 *
 * Sorting compares fixed-size binary keys taken once from each row, so that a choice costs one
 * row's work each and no more memory than a key each.
 */
#ifndef SOCKLENS_FLOW_CHOICE_H
#define SOCKLENS_FLOW_CHOICE_H

#include "flow/rows/snapshot_rows.h"
#include "flow/rows/sums.h"

enum { CHOICE_KEY = 40 };

struct candidate {
	unsigned char key[CHOICE_KEY]; /* memcmp order is the order of the rows */
	uint64_t id;
	uint32_t slot; /* of processes: which of the usage's rows */
	bool found;    /* what is looked for holds for it */
};

struct choice {
	struct candidate *all; /* owned; in their order */
	uint32_t count, finds;
	struct sums sums; /* over all that match, in folded branches as well */
};

/* Of at most `max` rows. 0 or -ENOMEM; choice_done in either case. */
int choice_init(struct choice *c, struct row_source *from, uint32_t max);
void choice_done(struct choice *c);

/* Where the row of an id is; -1 = nowhere. */
int64_t choice_position(const struct choice *c, uint64_t id);
/* Where the row is that the question looks for; -1 = nowhere. */
int64_t choice_find(const struct choice *c, const struct query *q);

#endif
