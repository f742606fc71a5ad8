/* SPDX-License-Identifier: MIT
 *
 * Run one application parser on bytes in a heap block of exactly their size, so that a sanitizer
 * sees every read beyond them; facts are gathered as "field=value\n" lines.
 */
#ifndef SOCKLENS_TESTS_APP_RUN_H
#define SOCKLENS_TESTS_APP_RUN_H

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/app_rows.h"

struct app_run {
	enum app_status status;
	char facts[2048];
	size_t len;
};

static inline void app_run_fact(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	struct app_run *r = ctx;
	char line[300];
	int n = snprintf(line, sizeof(line), "%s=%.*s\n", fact_row(kind)->field, (int)len,
			 (const char *)bytes);

	assert(len > 0 && n > 0);
	if (strstr(r->facts, line) || r->len + (size_t)n >= sizeof(r->facts))
		return;
	memcpy(r->facts + r->len, line, (size_t)n + 1);
	r->len += (size_t)n;
}

static inline struct app_run app_run(app_fn fn, struct app_input in, const void *bytes, size_t len)
{
	struct app_run r = {.len = 0};
	struct app_sink sink = {.fact = app_run_fact, .ctx = &r};
	uint8_t *exact = malloc(len ? len : 1);

	assert(exact);
	memcpy(exact, bytes, len);
	in.data = cursor_init(exact, len);
	r.status = fn(&in, &sink);
	free(exact);
	return r;
}

/* "16 03 01" -> bytes; returns their number. */
static inline size_t app_unhex(uint8_t *out, size_t cap, const char *hex)
{
	size_t n = 0;

	for (; *hex; hex++) {
		unsigned byte;

		if (isspace((unsigned char)*hex))
			continue;
		assert(n < cap && sscanf(hex, "%2x", &byte) == 1);
		out[n++] = (uint8_t)byte;
		hex++;
	}
	return n;
}

#endif
