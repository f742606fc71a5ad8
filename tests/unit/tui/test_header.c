/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/header.h"

static void facts(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 7);
	assert_true(shows(&a, "socklens  eth0  live  03:04:05 UTC"));
	assert_true(shows(&a, "1.2k pkt/s  34Mbit/s  7 flows"));
	assert_true(shows(&a, "no loss  probe plan N"));
	assert_true(shows(&a, "1 Flows  2 Processes  3 Sockets  4 Hosts  5 Names  6 Problems  7 Health"));
	assert_int_equal(style_of(&a, "no loss"), STYLE_BAR_GOOD);
	app_done(&a);
}

/* However small the screen: loss is said, in red, by stage. */
static void loss_is_always_shown(void **state)
{
	static const int sizes[][2] = {{200, 60}, {80, 24}, {40, 8}, {20, 5}, {20, 4}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct snapshot *s = fake_snapshot(0, 2, 2);
		struct app a;

		s->summary.loss.count[LOSS_KERNEL] = 1200;
		s->summary.loss.count[LOSS_RING] = 3;
		fake_app(&a, sizes[i][0], sizes[i][1]);
		app_take(&a, s);
		assert_true(shows(&a, "LOSS 1.2k: kernel"));
		assert_true(hides(&a, "no loss"));
		assert_int_equal(style_of(&a, "LOSS"), STYLE_BAR_BAD);
		if (sizes[i][0] >= 40)
			assert_true(shows(&a, "kernel 1.2k ring 3"));
		app_done(&a);
	}
}

static void states_of_the_source(void **state)
{
	struct snapshot *s = fake_snapshot(0, 1, 1);
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	s->live = false;
	s->finished = true;
	s->summary.flows = 12;
	snprintf(s->source, sizeof(s->source), "/tmp/some/day.pcap");
	snprintf(s->error, sizeof(s->error), "eth0 went down");
	app_take(&a, s);
	assert_true(shows(&a, "day.pcap  end of file"));
	assert_true(hides(&a, "some"));
	assert_true(shows(&a, "12 flows")); /* all there were, since none is live */
	assert_true(shows(&a, "eth0 went down"));
	assert_true(hides(&a, "pkt/s"));
	assert_int_equal(style_of(&a, "eth0 went"), STYLE_BAD);
	fake_key(&a, 'p');
	assert_true(shows(&a, "PAUSED"));
	assert_int_equal(style_of(&a, "PAUSED"), STYLE_BADGE);
	app_done(&a);
}

static void tabs_can_be_clicked(void **state)
{
	const struct input processes = {.kind = INPUT_CLICK, .y = 2, .x = 12};
	const struct input flows = {.kind = INPUT_CLICK, .y = 2, .x = 1};
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	app_input(&a, &processes);
	assert_ptr_equal(a.view, &view_processes);
	app_input(&a, &flows);
	assert_ptr_equal(a.view, &view_flows);
	assert_null(header_tab_at(&a, 1, 1));
	assert_null(header_tab_at(&a, 2, 79));
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts),
		cmocka_unit_test(loss_is_always_shown),
		cmocka_unit_test(states_of_the_source),
		cmocka_unit_test(tabs_can_be_clicked),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
