/* SPDX-License-Identifier: MIT
 *
 * Who is asked about a stream: everybody whom its first byte leaves, and of streams that begin like
 * others before them only those whom their first eight bytes leave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "decode/app_rows.h"
#include "flow/app/candidates.h"

static struct candidates candidates;

static struct app_set asked_about(const char *text)
{
	static const uint16_t ports[2] = {40000, 40001};
	struct app_set on_port = candidates_on_port(&candidates, ports);
	struct cursor data = cursor_init(text, strlen(text));

	return candidates_of_stream(&candidates, &on_port, &data);
}

static bool asks(const char *text, enum app_id id)
{
	struct app_set s = asked_about(text);

	return s.word[id / 64] >> id % 64 & 1;
}

static void the_first_byte_leaves_few(void **state)
{
	(void)state;
	assert_true(asks("S", APP_ID_ssh));
	assert_false(asks("x", APP_ID_ssh));
}

/* Four hexadecimal digits are the length of a line of git; then comes one of its words. */
static void what_comes_again_is_known_better(void **state)
{
	(void)state;
	assert_true(asks("00a2-no-git", APP_ID_git)); /* new: everybody is asked */
	assert_false(asks("00a2-no-way", APP_ID_git));
	assert_false(asks("00a2-no-git", APP_ID_git));
	for (int i = 0; i < 3; i++) {
		assert_true(asks("00a2git-upload-pack /x", APP_ID_git));
		assert_true(asks("00a2", APP_ID_git)); /* too short to tell */
	}
}

static void who_may_take_it_is_asked_each_time(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(asks("SSH-2.0-OpenSSH", APP_ID_ssh));
		assert_true(asks("GET / HTTP/1.1", APP_ID_http));
	}
}

static int setup(void **state)
{
	(void)state;
	return candidates_init(&candidates);
}

static int teardown(void **state)
{
	(void)state;
	candidates_done(&candidates);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_byte_leaves_few),
		cmocka_unit_test(what_comes_again_is_known_better),
		cmocka_unit_test(who_may_take_it_is_asked_each_time),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
