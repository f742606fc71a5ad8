/* SPDX-License-Identifier: MIT
 *
 * pcre2api(3). No just-in-time compiler: it needs memory that is both written and run.
 */
#include "flow/rows/filter_regex.h"

#include <stdint.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Steps of matching one text; a usual pattern takes about as many as the text has characters. */
enum { STEPS_MAX = 100000, DEPTH_MAX = 1000, HEAP_KIB_MAX = 1024, NEST_MAX = 50 };

struct regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *bounds;
};

static pcre2_code *compile(const char *pattern, int *error, size_t *at)
{
	pcre2_compile_context *c = pcre2_compile_context_create(NULL);
	pcre2_code *code = NULL;

	if (!c)
		return NULL;
	pcre2_set_parens_nest_limit(c, NEST_MAX);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			     PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_CASELESS |
				     PCRE2_NEVER_BACKSLASH_C,
			     error, at, c);
	pcre2_compile_context_free(c);
	return code;
}

struct regex *regex_new(const char *pattern, size_t *at, char *why, size_t cap)
{
	struct regex *r = calloc(1, sizeof(*r));
	int error = 0;

	*at = 0;
	*why = '\0';
	if (!r)
		return NULL;
	r->code = compile(pattern, &error, at);
	if (!r->code) {
		if (error)
			pcre2_get_error_message(error, (PCRE2_UCHAR *)why, cap);
		goto out_free;
	}
	r->match = pcre2_match_data_create(1, NULL);
	r->bounds = pcre2_match_context_create(NULL);
	if (!r->match || !r->bounds)
		goto out_free;
	pcre2_set_match_limit(r->bounds, STEPS_MAX);
	pcre2_set_depth_limit(r->bounds, DEPTH_MAX);
	pcre2_set_heap_limit(r->bounds, HEAP_KIB_MAX);
	return r;
out_free:
	regex_free(r);
	return NULL;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_context_free(r->bounds);
	pcre2_match_data_free(r->match);
	pcre2_code_free(r->code);
	free(r);
}

int regex_in(struct regex *r, const char *text, size_t n)
{
	int found = pcre2_match(r->code, (PCRE2_SPTR)text, n, 0, 0, r->match, r->bounds);

	if (found >= 0)
		return 1;
	return found == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
