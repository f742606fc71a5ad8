/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "unit/report/rows.h"

static const struct exporter_options guarded = {.utf8 = true}, raw = {.csv_raw = true};

/* The cell under a column that has no quoted cell before it; valid until the next call. */
static const char *cell(const char *column, struct exporter_options o, const struct flow_row *row)
{
	static char out[1024];
	const char *header = frame_text("csv", o, NULL), *line = flow_text("csv", o, row);
	const char *name = header;

	while (strncmp(name, column, strlen(column)) ||
	       !strchr(",\r", name[strlen(column)])) {
		assert_non_null(strchr(name, ','));
		name = strchr(name, ',') + 1;
		line = strchr(line, ',') + 1;
	}
	if (*line == '"') /* to the quote that no other follows */
		for (name = line + 1; *name != '"' || name[1] == '"'; name += *name == '"' ? 2 : 1)
			;
	else
		name = line + strcspn(line, ",\r") - 1;
	memcpy(out, line, (size_t)(name + 1 - line));
	out[name + 1 - line] = '\0';
	return out;
}

static void header_has_underscores(void **state)
{
	static const char start[] = "id,community_id,proto,ip_version,start,start_ns,end_ns,"
				    "duration_ns,src_ip,src_port,src_name,src_packets,src_bytes,"
				    "src_ip_bytes,src_payload_bytes,src_fragments,";
	static const char names[] = ",interface,vlan,tunnel,names_dns,names_sni,names_host,"
				    "names_alpn,names_ja3,names_ja4,tls_version,";
	const char *text = frame_text("csv", guarded, NULL);

	(void)state;
	assert_memory_equal(text, start, strlen(start));
	assert_non_null(strstr(text, names));
	assert_string_equal(text + strlen(text) - 2, "\r\n");
	assert_non_null(strstr(text, ",src_tcp_retransmission,"));
	assert_null(strchr(text, '.'));
}

static unsigned count_of(const char *text, char c)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

static void absent_cells_are_empty(void **state)
{
	struct flow_row row = blank_row();
	const char *text = flow_text("csv", guarded, &row);

	(void)state;
	assert_int_equal(count_of(text, ','), count_of(frame_text("csv", guarded, NULL), ','));
	assert_memory_equal(text, "0000000000000000,,tcp,4,,,,,192.0.2.1,,,", 40);
	assert_string_equal(text + strlen(text) - 2, "\r\n");
	assert_string_equal(cell("src_process_match", guarded, &row), "none");
	assert_string_equal(cell("src_tcp_retransmission", guarded, &row), "");
}

static void values(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.start_ns = 1767323045000000006;
	row.src.bytes = INT64_MAX;
	row.dst.bytes = INT64_MIN + 1;
	row.vlan_count = 2;
	row.vlan[0] = 10;
	row.vlan[1] = 20;
	row_tell(&row, FACT_DNS, "a.example\x1f" "b.example");
	assert_string_equal(cell("start", guarded, &row), "2026-01-02T03:04:05.000000006Z");
	assert_string_equal(cell("start_ns", guarded, &row), "1767323045000000006");
	assert_string_equal(cell("src_bytes", guarded, &row), "9223372036854775807");
	/* A number of ours is no formula. */
	assert_string_equal(cell("dst_bytes", guarded, &row), "-9223372036854775807");
	assert_string_equal(cell("vlan", guarded, &row), "10 20");
	assert_string_equal(cell("names_dns", guarded, &row), "a.example b.example");
}

/* RFC 4180 2.5-2.7, and the guard. */
static void hostile_names(void **state)
{
	static const struct {
		const char *name, *guarded, *raw;
	} cases[] = {
		{"plain", "plain", "plain"},
		{"a,b", "\"a,b\"", "\"a,b\""},
		{"say \"hi\"", "\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\""},
		{"\"", "\"\"\"\"", "\"\"\"\""},
		{"two\nlines", "\"two\nlines\"", "\"two\nlines\""},
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"},
		{"=1,2", "\"'=1,2\"", "\"=1,2\""},
		{"-bash", "'-bash", "-bash"},
		{"+1", "'+1", "+1"},
		{"@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"},
		{"\tx", "'\tx", "\tx"},
		{"\rx", "\"'\rx\"", "\"\rx\""},
		{"\\x09tab", "\\x09tab", "\\x09tab"},
		{"a=b", "a=b", "a=b"},
		{"日本 é", "日本 é", "日本 é"},
	};
	struct flow_row row = blank_row();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(row.src.process.name, cases[i].name);
		assert_string_equal(cell("src_process_name", guarded, &row), cases[i].guarded);
		assert_string_equal(cell("src_process_name", raw, &row), cases[i].raw);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_has_underscores),
		cmocka_unit_test(absent_cells_are_empty),
		cmocka_unit_test(values),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
