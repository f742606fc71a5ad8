/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a flow, in a word: the worst of what its row tells. A row each in problem.c.
 */
#ifndef SOCKLENS_FLOW_PROBLEM_H
#define SOCKLENS_FLOW_PROBLEM_H

#include "flow/rows/row.h"

struct problem {
	const char *word; /* the field "problem" of the flow record */
	const char *help; /* one sentence */
	bool (*is)(const struct flow_row *row);
};

/* All of them, the worst first. */
const struct problem *problems(unsigned *count);

/* The worst, or NULL. All else of the row must be filled. */
const struct problem *problem_of(const struct flow_row *row);

/* Its word into the row; "" when nothing is wrong. */
void problem_fill(struct flow_row *row);

#endif
