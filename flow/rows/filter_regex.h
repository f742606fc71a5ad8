/* SPDX-License-Identifier: MIT
 *
 * Regular expressions of people about texts of strangers: PCRE2, with bounds on what a pattern may
 * cost to compile and to match. Letters of either case are the same unless the pattern says (?-i).
 */
#ifndef SOCKLENS_FLOW_FILTER_REGEX_H
#define SOCKLENS_FLOW_FILTER_REGEX_H

#include <stdbool.h>
#include <stddef.h>

struct regex;

/*
 * Owned by the caller, or NULL: then why[cap] tells (or is "" when memory is short) and *at is the
 * offset in the pattern.
 */
struct regex *regex_new(const char *pattern, size_t *at, char *why, size_t cap);
void regex_free(struct regex *r); /* accepts NULL */

/* 1 somewhere in text[0..n), 0 nowhere, -1 when it took too long to tell. */
int regex_in(struct regex *r, const char *text, size_t n);

#endif
