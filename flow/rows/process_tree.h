/* SPDX-License-Identifier: MIT
 *
 * Processes as a tree: parents before their children, siblings in the order that was asked for.
 */
#ifndef SOCKLENS_FLOW_PROCESS_TREE_H
#define SOCKLENS_FLOW_PROCESS_TREE_H

#include <stdint.h>

#include "flow/join/usage.h"
#include "flow/rows/id_set.h"

/*
 * `order` holds n indexes of rows of `u`, sorted. Arrange them anew, without what is below folded
 * ones, and note in each row its place in the tree. A process stands below its nearest ancestor
 * among the n. Returns how many are left, or -ENOMEM.
 */
int64_t process_tree(struct usage *u, uint32_t *order, uint32_t n, const struct id_set *folded);

#endif
