/* SPDX-License-Identifier: MIT
 *
 * Where the rows of an answer come from: flows, sockets, processes or groups, one table row each.
 */
#ifndef SOCKLENS_FLOW_SNAPSHOT_ROWS_H
#define SOCKLENS_FLOW_SNAPSHOT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/engine_private.h"
#include "flow/rows/field.h"
#include "flow/rows/filter.h"
#include "flow/rows/group.h"
#include "flow/join/usage.h"

struct row_kind;

/* While one question is answered. */
struct row_source {
	const struct row_kind *kind;
	struct engine *en;
	const struct query *q;
	/* How far `next` has come, and what processes and groups are made into. */
	struct flow *flow;
	unsigned needs; /* of a flow's row, to choose: enum brief_part */
	uint32_t slot;
	struct usage usage;
	struct groups *groups;
	struct groups *whole; /* all that the groups are of, as one */
};

struct row_kind {
	size_t size; /* of a row, which begins with its id */
	const struct field *(*find)(const char *name);
	const char *newest; /* what rows are sorted by, descending, when nobody says */
	int (*open)(struct row_source *r);	 /* 0 or a negative errno; NULL = nothing to do */
	uint32_t (*count)(struct row_source *r); /* all there are */
	/* The next one that the question is about, but for its filter; false at the end. */
	bool (*next)(struct row_source *r, void *row);
	void (*get)(struct row_source *r, uint64_t id, void *row); /* one that `next` gave */
	/* Make the sum of all rows right where they overlap; NULL = they do not. */
	void (*whole)(struct row_source *r, void *sums);
	const char *tie; /* the text that orders equals; NULL = their ids do */
};

/* 0, -ENOMEM or -EINVAL (no such group); row_source_done in either case. `q` is borrowed. */
int row_source_init(struct row_source *r, struct engine *en, const struct query *q);
void row_source_done(struct row_source *r);

/* Who asks has tried the expression: one that is wrong keeps every row. 0 or -ENOMEM. */
int row_filter(struct filter **out, const struct filter_table *table, const char *text);

#endif
