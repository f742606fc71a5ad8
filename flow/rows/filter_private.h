/* SPDX-License-Identifier: MIT
 *
 * A compiled filter: a tree of all, any and not over tests, and what its files share.
 *
 * A test compares one or several fields with one or several values. Values are made for the type
 * of their field when the filter is compiled: every comparison of numbers is "in a range", every
 * comparison of addresses is "in a network", so that little is left to do for each row.
 */
#ifndef SOCKLENS_FLOW_FILTER_PRIVATE_H
#define SOCKLENS_FLOW_FILTER_PRIVATE_H

#include "base/addr.h"
#include "flow/rows/filter.h"
#include "flow/rows/filter_lex.h"
#include "flow/rows/filter_regex.h"

enum {
	FILTER_DEPTH_MAX = 64,	/* parentheses and nots in one another */
	FILTER_VALUES_MAX = 64, /* in one list */
	FILTER_NAME_MAX = 64,
};

enum value_kind {
	VALUE_RANGE,   /* low <= number <= high */
	VALUE_NETWORK, /* address within addr/prefix */
	VALUE_SAME,    /* the whole text, letters of either case */
	VALUE_PART,    /* somewhere in the text, letters of either case */
	VALUE_REGEX,
};

struct value {
	enum value_kind kind;
	int64_t low, high;
	struct addr addr;
	unsigned prefix; /* bits */
	char *text;	 /* owned */
	size_t len;
	struct regex *regex; /* owned */
};

/* One field of a test with the values it may have; several when the value was a list. */
struct term {
	const struct field *field;
	struct value *values; /* owned */
	unsigned value_count;
};

struct test {
	struct term *terms; /* owned */
	unsigned term_count;
	uint8_t kind;  /* enum filter_alias_kind, of the terms */
	bool negative; /* != and !~: known, and none of the values */
	bool known;    /* "has": any term is known, whatever its value */
};

enum node_kind { NODE_TEST, NODE_ALL, NODE_ANY, NODE_NOT };

struct node {
	enum node_kind kind;
	struct node *child; /* owned; the first of a list */
	struct node *next;
	struct test test;
};

struct filter {
	const struct filter_table *table;
	struct node *root; /* NULL keeps every row */
	uint64_t gave_up;
};

/* --- filter_parse.c --- */

/* Where an expression is wrong, and why. */
struct fault {
	size_t at;
	struct err *e;
};

int filter_parse(struct node **out, const struct filter_table *table, const char *text,
		 struct fault *fault);

/* --- filter_tree.c: NULL and false when memory is short --- */

struct node *filter_node_new(enum node_kind kind);
void filter_node_free(struct node *n); /* with all behind and below it; accepts NULL */
/* A test of the fields of a name, no values yet. */
struct node *filter_test_new(const struct filter_fields *m);
/* Takes the value over, even when there is no room for it. */
bool filter_term_add(struct term *t, struct value *v);

/* --- filter_name.c --- */

/* Dotted names with a space between, all of which the table has. */
void filter_names(struct filter_fields *m, const struct filter_table *table, const char *names);
/* The name most like this one, or NULL when none is. */
const char *filter_name_like(const struct filter_table *table, const char *name);

/* --- filter_value.c --- */

/*
 * What `text` means to this field under this operator. 0; -EINVAL with *why a static sentence when
 * it means nothing (what to write instead); -ENOMEM.
 */
int filter_value(struct value *v, const struct field *f, enum filter_op op, const char *text,
		 const char **why);
/* The same for a bare word: -EINVAL when the word cannot be in such a field. */
int filter_word_value(struct value *v, const struct field *f, const char *text);
int filter_regex_value(struct value *v, const char *pattern, struct fault *fault);
void filter_value_free(struct value *v);

/* --- filter_test.c --- */

bool filter_test_holds(struct filter *f, const struct test *t, const void *row);

#endif
