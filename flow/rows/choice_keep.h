/* SPDX-License-Identifier: MIT
 *
 * The last choice of flows, for as long as nothing changes: whoever scrolls through a file that has
 * been read asks for another window of the same rows.
 */
#ifndef SOCKLENS_FLOW_CHOICE_KEEP_H
#define SOCKLENS_FLOW_CHOICE_KEEP_H

#include "flow/rows/choice.h"

struct kept_choice;

/* The same rows in the same order are asked for again: what was chosen then, borrowed; or NULL. */
struct choice *choice_again(const struct row_source *from);
/* Takes what is in *c, and gives it back by borrowing; or NULL, and *c is as before. */
struct choice *choice_keep(struct row_source *from, struct choice *c);
void choice_forget(struct kept_choice *k); /* accepts NULL */

#endif
