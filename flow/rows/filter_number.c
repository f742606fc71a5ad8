/* SPDX-License-Identifier: MIT
 *
 * A name of the filter language as one number of a row, for sorting by it.
 */
#include <assert.h>

#include "flow/rows/filter_private.h"

bool filter_number_find(struct filter_number *n, const struct filter_table *table, const char *name)
{
	struct filter_fields m;

	if (!filter_fields_find(&m, table, name) || m.count > FILTER_NUMBER_FIELDS)
		return false;
	*n = (struct filter_number){.kind = m.kind, .count = m.count};
	for (unsigned i = 0; i < m.count; i++) {
		if (m.fields[i]->type > FIELD_TIME)
			return false;
		n->fields[i] = m.fields[i];
	}
	return true;
}

static int64_t join(uint8_t kind, int64_t sum, int64_t v)
{
	if (sum == ROW_ABSENT)
		return v;
	if (kind == ALIAS_SUM)
		return __builtin_add_overflow(sum, v, &sum) ? INT64_MAX : sum;
	return v > sum ? v : sum;
}

int64_t filter_number(const struct filter_number *n, const void *row)
{
	int64_t sum = ROW_ABSENT;

	for (unsigned i = 0; i < n->count; i++) {
		int64_t v = field_int(n->fields[i], row);

		if (v == ROW_ABSENT)
			continue;
		sum = join(n->kind, sum, v);
		if (n->kind == ALIAS_FIRST)
			break;
	}
	return sum;
}
