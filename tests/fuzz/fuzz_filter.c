/* SPDX-License-Identifier: MIT
 *
 * libFuzzer: any text as a filter. What compiles is asked of a row; what does not says where and
 * why.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "flow/rows/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct flow_row row;

static void row_init(void)
{
	static const char name[] = "www.example.org";

	row_clear_texts(&row);
	row.src.port = 40000;
	row.dst.port = 443;
	strcpy(row.src.process.name, "curl");
	row.fact[FACT_SNI] = row_put_text(&row, name, strlen(name));
	row.fact[FACT_ALPN] = row_put_text(&row, "h2\x1fh3", 5);
	row.vlan_count = 2;
	row.tunnel_count = 2;
}

/* Volatile, so that the answer is not optimised away. */
static volatile bool answer;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter *f;
	struct err e = {""};
	size_t at = SIZE_MAX;
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (!row.texts_len)
		row_init();
	memcpy(text, data, size);
	text[size] = '\0';
	if (filter_compile(&f, &flow_filter_table, text, &at, &e) == 0) {
		answer = filter_holds(f, &row);
		filter_free(f);
	} else {
		assert(at <= strlen(text) && *e.text);
		for (const char *c = e.text; *c; c++)
			assert((uint8_t)*c >= 0x20);
	}
	free(text);
	return 0;
}
