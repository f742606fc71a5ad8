/* SPDX-License-Identifier: MIT
 *
 * Rows for the exporters' tests, and what an exporter makes of them.
 */
#ifndef TESTS_UNIT_REPORT_ROWS_H
#define TESTS_UNIT_REPORT_ROWS_H

#include <assert.h>
#include <string.h>

#include "flow/rows/field.h"
#include "report/exporter.h"

/* Knows nothing but that it is a TCP flow, if ports and all are absent. */
static inline struct flow_row blank_row(void)
{
	struct flow_row row = {.proto = PROTO_TCP, .ip_version = 4};
	unsigned count;
	const struct field *f = fields(&count);
	int64_t absent = ROW_ABSENT;

	for (unsigned i = 0; i < count; i++)
		if (field_is_integer(&f[i]))
			memcpy((char *)&row + f[i].offset, &absent, sizeof(absent));
	row.src.addr = addr_v4((const uint8_t[]){192, 0, 2, 1});
	row.dst.addr = addr_v4((const uint8_t[]){198, 51, 100, 2});
	return row;
}

static inline struct summary_row blank_summary(void)
{
	return (struct summary_row){
		.out_of_scope = ROW_ABSENT, .sockets = ROW_ABSENT, .events = ROW_ABSENT,
		.first_ns = ROW_ABSENT, .last_ns = ROW_ABSENT,
	};
}

static inline void row_tell(struct flow_row *row, enum fact_kind kind, const char *text)
{
	row->fact[kind] = row_put_text(row, text, strlen(text));
}

/* The text of one call, valid until the next one of these. */
static inline const char *flow_text(const char *format, struct exporter_options o,
				    const struct flow_row *row)
{
	static struct buf out;

	buf_done(&out);
	buf_init(&out, 1 << 20);
	if (exporter_find(format)->open && exporter_find(format)->open(&o, NULL) < 0)
		return NULL;
	exporter_find(format)->flow(&out, &o, row);
	if (exporter_find(format)->close)
		exporter_find(format)->close(&o, NULL);
	assert(!out.failed && strlen(buf_text(&out)) == out.len);
	return buf_text(&out);
}

static inline const char *frame_text(const char *format, struct exporter_options o,
				     const struct summary_row *sum)
{
	static struct buf out;

	buf_done(&out);
	buf_init(&out, 1 << 20);
	exporter_find(format)->begin(&out, &o);
	if (sum)
		exporter_find(format)->end(&out, &o, sum);
	assert(!out.failed);
	return buf_text(&out);
}

#endif
