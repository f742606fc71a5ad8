/* SPDX-License-Identifier: MIT
 *
 * What each flow had at the end of the slice before, so that a slice counts what came in it.
 */
#ifndef SOCKLENS_REPORT_INTERVAL_H
#define SOCKLENS_REPORT_INTERVAL_H

#include "flow/rows/group.h"

struct intervals;

struct intervals *intervals_new(void);	  /* NULL = out of memory */
void intervals_free(struct intervals *v); /* accepts NULL */

/* What the flow had when the slice began; NULL when it was not there. Valid until the next call. */
const struct amounts *intervals_before(const struct intervals *v, const struct flow_row *row);
/* Call for each flow when a slice ends; false when memory is short: it will count twice. */
bool intervals_keep(struct intervals *v, const struct flow_row *row);
/* A slice has ended: what was kept is what counts as before. */
void intervals_turn(struct intervals *v);

#endif
