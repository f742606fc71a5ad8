/* SPDX-License-Identifier: MIT
 *
 * Names in a filter: fields, aliases, and what somebody meant who wrote neither.
 */
#include <assert.h>
#include <string.h>

#include "flow/rows/filter_private.h"

void filter_names(struct filter_fields *m, const struct filter_table *table, const char *names)
{
	char name[FILTER_NAME_MAX];

	m->count = 0;
	for (size_t n; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		assert(n < sizeof(name) && m->count < FILTER_FIELDS_MAX);
		memcpy(name, names, n);
		name[n] = '\0';
		m->fields[m->count] = table->find(name);
		assert(m->fields[m->count]);
		m->count++;
	}
}

bool filter_fields_find(struct filter_fields *m, const struct filter_table *table, const char *name)
{
	const struct field *f = table->find(name);

	*m = (struct filter_fields){.fields = {f}, .count = 1, .kind = ALIAS_ANY};
	if (f)
		return true;
	for (const struct filter_alias *a = table->aliases; a->name; a++) {
		if (strcmp(a->name, name) != 0)
			continue;
		filter_names(m, table, a->fields);
		m->kind = a->kind;
		return true;
	}
	return false;
}

/* --- what was meant --------------------------------------------------------------------------- */

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* Letters to change, add or leave out to make one of the other (Levenshtein), by rows. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[FILTER_NAME_MAX + 1], n = (unsigned)strlen(b);

	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned above = row[j];
			bool same = a[i - 1] == b[j - 1] || (a[i - 1] == '.' && b[j - 1] == '_');

			row[j] = least(above + 1, row[j - 1] + 1, corner + !same);
			corner = above;
		}
	}
	return row[n];
}

static void consider(const char **best, unsigned *best_distance, const char *name,
		     const char *wanted)
{
	unsigned d = distance(name, wanted);

	if (d >= *best_distance)
		return;
	*best = name;
	*best_distance = d;
}

const char *filter_name_like(const struct filter_table *table, const char *name)
{
	unsigned count, n = (unsigned)strlen(name), best_distance = n / 3 + 1;
	const struct field *f = table->fields(&count);
	const char *best = NULL;

	if (n >= FILTER_NAME_MAX)
		return NULL;
	if (best_distance > 3)
		best_distance = 3;
	for (const struct filter_alias *a = table->aliases; a->name; a++)
		consider(&best, &best_distance, a->name, name);
	for (unsigned i = 0; i < count; i++)
		consider(&best, &best_distance, f[i].name, name);
	return best;
}
