/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "capture/linktype.h"
#include "capture/source_ops.h"

static void test_label(void **state)
{
	char name[512], label[SOURCE_LABEL_MAX];

	(void)state;
	source_label(label, "/captures/a.pcap");
	assert_string_equal(label, "/captures/a.pcap");
	source_label(label, "a\x1b[31m\n");
	assert_string_equal(label, "a\\x1b[31m\\x0a");
	source_label(label, "");
	assert_string_equal(label, "");
	/* Too long: the end is what tells. */
	memset(name, 'd', sizeof(name));
	strcpy(name + 400, "/name.pcap");
	source_label(label, name);
	assert_memory_equal(label, "...d", 4);
	assert_string_equal(label + strlen(label) - 10, "/name.pcap");
	/* Short, but too long once escaped. */
	memset(name, '\1', 100);
	strcpy(name + 100, "z");
	source_label(label, name);
	assert_memory_equal(label, "...\\x01", 7);
	assert_string_equal(label + strlen(label) - 5, "\\x01z");
}

/* The pairs of https://www.tcpdump.org/linktypes.html that have other DLT_ numbers on Linux. */
static void test_linktypes(void **state)
{
	static const struct {
		uint16_t linktype;
		int dlt;
	} rows[] = {{1, 1},    {100, 11}, {101, 12},  {102, 15},
		    {103, 16}, {106, 19}, {113, 113}, {276, 276}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(linktype_to_dlt(rows[i].linktype), rows[i].dlt);
		assert_int_equal(linktype_from_dlt(rows[i].dlt), rows[i].linktype);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_label),
		cmocka_unit_test(test_linktypes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
