/* SPDX-License-Identifier: MIT
 *
 * Metrics: how many series there are, who has one, that no byte is lost in "other", and text that holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "report/agent/metrics.h"
#include "report/agent/series.h"
#include "unit/report/rows.h"

static struct part part_of(struct flow_row *row, const char *process, int64_t bytes)
{
	snprintf(row->src.process.name, sizeof(row->src.process.name), "%s", process);
	row->src.packets = 1;
	row->src.ip_bytes = bytes;
	strcpy(row->app, "http");
	return part_whole(row);
}

static void add(struct series_table *t, const char *process, int64_t bytes)
{
	struct flow_row row = blank_row();
	struct part p = part_of(&row, process, bytes);

	series_add(t, &p);
}

static uint64_t shown(const struct series_table *t, const char *process)
{
	const struct series *s;

	for (unsigned i = 0; (s = series_get(t, &i));)
		if (strcmp(s->process, process) == 0)
			return s->counts.sent_bytes;
	return UINT64_MAX;
}

static uint64_t sum(const struct series_table *t, unsigned *count)
{
	const struct series *s;
	uint64_t bytes = 0;

	*count = 0;
	for (unsigned i = 0; (s = series_get(t, &i)); (*count)++)
		bytes += s->counts.sent_bytes;
	return bytes;
}

static void the_number_of_series_is_bounded(void **state)
{
	struct series_table *t = series_table_new(10);
	char name[32];
	unsigned count;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		add(t, name, 7);
	}
	assert_int_equal(sum(t, &count), 7000);
	assert_int_equal(count, 11);
	assert_int_equal(shown(t, SERIES_OTHER), 990 * 7);
	series_table_free(t);
}

/* Whoever becomes busy gets a series, from zero; those who have one keep it as long as they are. */
static void the_busy_ones_are_shown(void **state)
{
	struct series_table *t = series_table_new(2);

	(void)state;
	add(t, "busy", 1000000);
	add(t, "small", 10);
	add(t, "late", 500000);
	assert_int_equal(shown(t, "late"), UINT64_MAX);
	series_turn(t);
	assert_int_equal(shown(t, "late"), 0);
	assert_int_equal(shown(t, "small"), UINT64_MAX);
	add(t, "late", 77);
	assert_int_equal(shown(t, "late"), 77);
	assert_int_equal(shown(t, "busy"), 1000000);
	assert_int_equal(shown(t, SERIES_OTHER), 500000);
	series_table_free(t);
}

/* Candidates that nobody hears of again make room for others. */
static void the_forgotten_make_room(void **state)
{
	struct series_table *t = series_table_new(2);
	char name[32];

	(void)state;
	add(t, "a", 1 << 30);
	add(t, "b", 1 << 30);
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 20; i++) {
			snprintf(name, sizeof(name), "r%d-%d", round, i);
			add(t, name, 1);
		}
		series_turn(t);
	}
	add(t, "c", 1ll << 40);
	series_turn(t);
	assert_int_equal(shown(t, "c"), 0);
	assert_int_equal(shown(t, SERIES_OTHER), 50 * 20 + (1ll << 40));
	series_table_free(t);
}

static const char *text_of(struct buf *out, const char *process, int64_t rtt_ns)
{
	struct metrics *m = metrics_new(5);
	struct metrics_health health = {.version = "1", .sink_count = 1, .sinks = {{.name = "ipfix", .dropped = 3}}};
	struct summary_row summary = blank_summary();
	struct flow_row row = blank_row();
	struct part p = part_of(&row, process, 60);

	row.rtt_ns.handshake = rtt_ns;
	buf_init(out, 1 << 20);
	metrics_part(m, &p);
	metrics_put(out, m, &summary, &health);
	metrics_free(m);
	return buf_text(out);
}

static void labels_hold_any_name(void **state)
{
	struct buf out;
	const char *text = text_of(&out, "a\"b\\x1b\n{}", ROW_ABSENT);

	(void)state;
	assert_non_null(strstr(text, "socklens_process_bytes_total{process=\"a\\\"b\\\\x1b\\n{}\",protocol=\"http\","
				     "direction=\"sent\"} 60\n"));
	assert_non_null(strstr(text, "socklens_export_dropped_records_total{sink=\"ipfix\"} 3\n"));
	assert_non_null(strstr(text, "socklens_handshake_rtt_seconds_count 0\n"));
	buf_done(&out);
}

static void histograms_add_up(void **state)
{
	struct buf out;
	const char *text = text_of(&out, "x", 3000000);

	(void)state;
	assert_non_null(strstr(text, "socklens_handshake_rtt_seconds_bucket{le=\"0.0025\"} 0\n"));
	assert_non_null(strstr(text, "socklens_handshake_rtt_seconds_bucket{le=\"0.005\"} 1\n"));
	assert_non_null(strstr(text, "socklens_handshake_rtt_seconds_bucket{le=\"+Inf\"} 1\n"));
	assert_non_null(strstr(text, "socklens_handshake_rtt_seconds_sum 0.003000000\n"));
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_number_of_series_is_bounded),
		cmocka_unit_test(the_busy_ones_are_shown),
		cmocka_unit_test(the_forgotten_make_room),
		cmocka_unit_test(labels_hold_any_name),
		cmocka_unit_test(histograms_add_up),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
