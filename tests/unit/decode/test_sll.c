/* SPDX-License-Identifier: MIT
 *
 * What only a cooked header tells: the interface and the direction.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "samples.h"

/* clang-format off */
#define SLL(type) type " 0001 0006 0200000000010000 0800 " IP4_TCP
#define SLL2(interface, type) "0800 0000 " interface " 0001 " type " 06 0200000000010000 " IP4_TCP
/* clang-format on */

enum { LINKTYPE_SLL = 113, LINKTYPE_SLL2 = 276 };

static void test_direction(void **state)
{
	static const uint8_t want[6] = {PACKET_DIR_IN,	PACKET_DIR_IN,	PACKET_DIR_IN,
					PACKET_DIR_IN, PACKET_DIR_OUT, PACKET_DIR_UNKNOWN};
	static const char *const sll[6] = {SLL("0000"), SLL("0001"), SLL("0002"),
					   SLL("0003"), SLL("0004"), SLL("0005")};
	static const char *const sll2[6] = {SLL2("00000007", "00"), SLL2("00000007", "01"),
					    SLL2("00000007", "02"), SLL2("00000007", "03"),
					    SLL2("00000007", "04"), SLL2("00000007", "05")};

	(void)state;
	for (int i = 0; i < 6; i++) {
		struct packet p = sample_decode(LINKTYPE_SLL, sll[i], UINT32_MAX);

		assert_int_equal(p.direction, want[i]);
		assert_int_equal(p.src_port, 1000);
		p = sample_decode(LINKTYPE_SLL2, sll2[i], UINT32_MAX);
		assert_int_equal(p.direction, want[i]);
		assert_int_equal(p.src_port, 1000);
	}
}

static void test_interface(void **state)
{
	(void)state;
	assert_int_equal(sample_decode(LINKTYPE_SLL2, SLL2("00010203", "00"), UINT32_MAX).interface,
			 0x010203);
	assert_int_equal(sample_decode(LINKTYPE_SLL, SLL("0000"), UINT32_MAX).interface, 0);
	assert_int_equal(sample_decode(1, FRAME, UINT32_MAX).interface, 0);
	assert_int_equal(sample_decode(1, FRAME, UINT32_MAX).direction, PACKET_DIR_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
