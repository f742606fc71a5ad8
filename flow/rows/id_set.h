/* SPDX-License-Identifier: MIT
 *
 * A few rows, by their ids: tagged or folded ones. A plain value that questions carry.
 */
#ifndef SOCKLENS_FLOW_ID_SET_H
#define SOCKLENS_FLOW_ID_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { ID_SET_MAX = 256 };

struct id_set {
	uint64_t id[ID_SET_MAX]; /* ascending; zero beyond */
	uint32_t count;
};

bool id_set_has(const struct id_set *s, uint64_t id);
/* Put in what is not in it, take out what is; false when it is full. */
bool id_set_turn(struct id_set *s, uint64_t id);

#endif
