/* SPDX-License-Identifier: MIT */
#include "flow/rows/id_set.h"

#include <string.h>

/* The place of an id, or where it would be. */
static uint32_t place(const struct id_set *s, uint64_t id)
{
	uint32_t low = 0, high = s->count;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (s->id[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool id_set_has(const struct id_set *s, uint64_t id)
{
	uint32_t at = place(s, id);

	return at < s->count && s->id[at] == id;
}

bool id_set_turn(struct id_set *s, uint64_t id)
{
	uint32_t at = place(s, id), after = s->count - at;

	if (id_set_has(s, id)) {
		memmove(s->id + at, s->id + at + 1, (after - 1) * sizeof(id));
		s->id[--s->count] = 0;
		return true;
	}
	if (s->count == ID_SET_MAX)
		return false;
	memmove(s->id + at + 1, s->id + at, after * sizeof(id));
	s->id[at] = id;
	s->count++;
	return true;
}
