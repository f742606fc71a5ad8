/* SPDX-License-Identifier: MIT
 *
 * The filter language: which rows to keep, in one expression (docs/FILTER.md).
 *
 *   process = curl and not port in 80,443      dst.ip in 10.0.0.0/8      rtt > 50ms or retx > 0
 *   example.org                                sni ~ (^|\.)example\.org$
 *
 * An expression is compiled once for one kind of row and then asked of each. Pure: text and rows
 * in, yes or no out. It knows rows through struct field and the functions of its table only, so
 * whatever has fields can be filtered.
 */
#ifndef SOCKLENS_FLOW_FILTER_H
#define SOCKLENS_FLOW_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/rows/field.h"

struct filter;

/* What a name means that stands for several fields. */
enum filter_alias_kind {
	ALIAS_ANY,   /* holds when it holds for any of them */
	ALIAS_SUM,   /* the sum of those that are known */
	ALIAS_FIRST, /* the first that is known */
};

struct filter_alias {
	const char *name;   /* "port" */
	const char *fields; /* dotted names with a space between: "src.port dst.port" */
	const char *help;
	uint8_t kind; /* enum filter_alias_kind */
};

/* One kind of row that has fields. */
struct filter_table {
	const struct field *(*fields)(unsigned *count);
	const struct field *(*find)(const char *name);
	const struct filter_alias *aliases; /* the last has no name */
	const char *words;		    /* the fields that a bare word is looked for in */
};

extern const struct filter_table flow_filter_table;    /* struct flow_row */
extern const struct filter_table socket_filter_table;  /* struct socket_row */
extern const struct filter_table process_filter_table; /* struct usage_row */

enum { FILTER_LENGTH_MAX = 4096 };

/*
 * 0 and a filter owned by the caller; or -EINVAL with the reason and what to do about it in *e and,
 * unless `at` is NULL, the place in `text` where it went wrong (a byte offset); or -ENOMEM. The
 * table must outlive the filter. An empty text keeps every row.
 */
int filter_compile(struct filter **out, const struct filter_table *table, const char *text,
		   size_t *at, struct err *e);
void filter_free(struct filter *f); /* accepts NULL */

/* Is this row one of those? One thread at a time for each filter. */
bool filter_holds(struct filter *f, const void *row);

/* Texts whose regular expression took too long: they were taken as not matching. */
uint64_t filter_gave_up(const struct filter *f);

/*
 * An expression that holds for this row because of this field, such as `src.port = 443`, into
 * out[cap]; its length, or 0 when the row does not know the field or the text does not fit.
 */
size_t filter_of_cell(char *out, size_t cap, const struct field *f, const void *row);

/* The same for a value as filter_of_cell would take it from a row: a whole text, an exact number. */
size_t filter_of_value(char *out, size_t cap, const struct field *f, const char *value);

/* --- names of the language, for others --- */

enum { FILTER_FIELDS_MAX = 24 };

struct filter_fields {
	const struct field *fields[FILTER_FIELDS_MAX];
	unsigned count;
	uint8_t kind; /* enum filter_alias_kind */
};

/* A field or an alias; false when the table has none of this name. */
bool filter_fields_find(struct filter_fields *m, const struct filter_table *table,
			const char *name);

enum { FILTER_NUMBER_FIELDS = 4 };

struct filter_number {
	const struct field *fields[FILTER_NUMBER_FIELDS];
	unsigned count;
	uint8_t kind; /* enum filter_alias_kind */
};

/* false when the table has no such name, or it is no number. */
bool filter_number_find(struct filter_number *n, const struct filter_table *table,
			const char *name);
/* The sum, the first or the largest of those that are known; or ROW_ABSENT. */
int64_t filter_number(const struct filter_number *n, const void *row);

#endif
