/* SPDX-License-Identifier: MIT */
#include "flow/rows/sums.h"

#include <string.h>

#include "base/saturate.h"

void sums_init(struct sums *s, const struct field *(*find)(const char *name),
	       const char *const names[SUMS_MAX])
{
	s->count = 0;
	for (unsigned i = 0; i < SUMS_MAX && names[i]; i++) {
		const struct field *f = find(names[i]);

		if (!f || f->type > FIELD_BITRATE)
			continue;
		s->fields[s->count] = f;
		s->values[s->count++] = ROW_ABSENT;
	}
}

static int64_t plus(int64_t a, int64_t b)
{
	return a == ROW_ABSENT ? b : saturate_add(a, b);
}

void sums_add(struct sums *s, const void *row)
{
	for (unsigned i = 0; i < s->count; i++) {
		int64_t v = field_int(s->fields[i], row);

		if (v != ROW_ABSENT)
			s->values[i] = plus(s->values[i], v);
	}
}

void sums_put(const struct sums *s, void *row)
{
	for (unsigned i = 0; i < s->count; i++)
		memcpy((char *)row + s->fields[i]->offset, &s->values[i], sizeof(s->values[i]));
}
