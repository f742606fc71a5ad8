/* SPDX-License-Identifier: MIT
 *
 * What the screen shows of a time in a file is what a run says that is cut there: every field of every
 * flow, whichever way one came to that time. Captures are random, in order and out of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../capture/memory_file.h"
#include "flow/engine_private.h"
#include "flow/rows/field.h"

#define MS    1000000ll
#define T0_S  1767323045
#define T0_NS (T0_S * 1000000000ll)

enum { FRAMES = 3000, SPAN_MS = 20000, FLOWS = 40, ROWS = 200, NANOSECONDS = 0xa1b23c4d };

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Some frame of TCP or UDP between two of a few ends; its numbers make sense now and then. */
static uint32_t put_frame(uint8_t frame[200], uint32_t *seed)
{
	uint32_t flow = next_random(seed) % FLOWS, way = next_random(seed) & 1;
	uint32_t len = next_random(seed) % 100, tcp = flow % 4 != 0;
	uint32_t head = tcp ? 20 : 8, total = 20 + head + len;
	static const uint8_t flags[] = {0x02, 0x12, 0x10, 0x18, 0x10, 0x18, 0x11, 0x14};
	uint8_t *ip = frame + 14, *l4 = ip + 20;

	memset(frame, 0, 200);
	frame[12] = 8;
	ip[0] = 0x45;
	ip[2] = (uint8_t)(total >> 8);
	ip[3] = (uint8_t)total;
	ip[8] = 64;
	ip[9] = tcp ? 6 : 17;
	memcpy(ip + 12, (uint8_t[]){10, 0, 0, way ? 2 : 1}, 4);
	memcpy(ip + 16, (uint8_t[]){10, 0, 0, way ? 1 : 2}, 4);
	l4[way ? 2 : 0] = 0x90;
	l4[way ? 3 : 1] = (uint8_t)flow;
	l4[way ? 1 : 3] = 99;
	if (tcp) {
		l4[6] = (uint8_t)(next_random(seed) % 4);
		l4[10] = (uint8_t)(next_random(seed) % 4);
		l4[12] = 0x50;
		l4[13] = flags[next_random(seed) % sizeof(flags)];
		l4[14] = (uint8_t)(next_random(seed) % 8);
	} else {
		l4[5] = (uint8_t)(8 + len);
	}
	return 14 + total;
}

/* `back_ms`: so far do times jump back at most. */
static struct bytes make_capture(uint32_t seed, uint32_t back_ms)
{
	struct bytes b = {0};

	put_pcap_header(&b, NANOSECONDS, 4, 1);
	for (int i = 0; i < FRAMES; i++) {
		uint8_t frame[200];
		uint32_t len = put_frame(frame, &seed);
		int64_t ns = (int64_t)i * SPAN_MS / FRAMES * MS + next_random(&seed) % 1000;

		if (back_ms && next_random(&seed) % 4 == 0)
			ns -= next_random(&seed) % back_ms * MS;
		ns += T0_NS + 1000 * MS;
		put_pcap_record(&b, (uint32_t)(ns / (1000 * MS)), (uint32_t)(ns % (1000 * MS)), frame,
				len);
	}
	return b;
}

static struct engine *run(const struct bytes *capture, unsigned files, int64_t until_ns)
{
	struct engine_options o = {
		.keep_closed_ns = 3600 * 1000 * MS,
		.keep_frames = true,
		.look_back = !until_ns,
		.window = {.until_ns = until_ns},
	};
	struct engine *en;
	struct err e;

	assert_int_equal(engine_new(&en, &o, &e), 0);
	for (unsigned i = 0; i < files; i++) {
		struct source *s;

		assert_int_equal(open_memory(&s, capture[i].data, capture[i].len, NULL, &e), 0);
		assert_int_equal(engine_add_source(en, s), 0);
	}
	assert_int_equal(engine_run(en, &e), 0);
	return en;
}

static bool is_rate(const char *name)
{
	return strstr(name, "rate_bps") != NULL; /* a report of a file has none */
}

static void same_row(const struct flow_row *x, const struct flow_row *y)
{
	unsigned count;
	const struct field *all = fields(&count);

	for (unsigned i = 0; i < count; i++) {
		char a[FIELD_TEXT_MAX] = "", b[FIELD_TEXT_MAX] = "";

		if (is_rate(all[i].name))
			continue;
		if (field_present(&all[i], x))
			field_text(&all[i], x, false, a, sizeof(a));
		if (field_present(&all[i], y))
			field_text(&all[i], y, false, b, sizeof(b));
		if (strcmp(a, b))
			fail_msg("%s: %s, cut there %s", all[i].name, a, b);
	}
}

/* Looked back at from the end, and in a run that ends there. */
static void same_at(struct engine *en, const struct bytes *capture, unsigned files, int64_t at_ns)
{
	struct query q = {.limit = ROWS, .fade_ns = -1, .sort = "id", .at_ns = at_ns, .axis = true};
	struct engine *cut = run(capture, files, at_ns);
	struct snapshot *then = engine_look(en, &q), *report;

	q.at_ns = 0;
	report = engine_snapshot(cut, &q);
	assert_non_null(then);
	assert_int_equal(then->at_ns, at_ns);
	assert_non_null(then->axis);
	assert_int_equal(then->row_count, report->row_count);
	assert_int_equal(then->summary.packets, report->summary.packets);
	for (uint32_t i = 0; i < then->row_count; i++)
		same_row(&then->rows[i], &report->rows[i]);
	snapshot_free(then);
	snapshot_free(report);
	engine_free(cut);
}

static void same_anywhere(uint32_t seed, uint32_t back_ms, unsigned files)
{
	struct bytes capture[2];
	struct engine *en;
	uint32_t place = seed;

	for (unsigned i = 0; i < files; i++)
		capture[i] = make_capture(seed + i, back_ms);
	en = run(capture, files, 0);
	for (int i = 0; i < 8; i++) /* there and back */
		same_at(en, capture, files, T0_NS + next_random(&place) % (SPAN_MS + 2000) * MS);
	for (int i = 1; i < 8; i++) /* on and on, across seconds and within them */
		same_at(en, capture, files, T0_NS + 5000 * MS + i * i * 130 * MS);
	engine_free(en);
	for (unsigned i = 0; i < files; i++)
		bytes_done(&capture[i]);
}

static void a_time_in_a_file_is_a_report_cut_there(void **state)
{
	(void)state;
	same_anywhere(1, 0, 1);
}

static void so_it_is_when_frames_are_out_of_order(void **state)
{
	(void)state;
	same_anywhere(2, 30, 1);
	same_anywhere(3, 3000, 1); /* across seconds */
}

static void and_of_files_of_one_time(void **state)
{
	(void)state;
	same_anywhere(4, 0, 2);
}

static void steps_lead_to_where_something_happened(void **state)
{
	struct query q = {.limit = ROWS, .fade_ns = -1};
	struct bytes capture = make_capture(5, 0);
	struct engine *en = run(&capture, 1, 0);
	struct snapshot *s = engine_look(en, &q);
	int64_t packets = s->summary.packets, before_ns;
	int steps = 0;

	(void)state;
	assert_true(s->at_ns == 0 && s->after_ns == 0 && s->before_ns > 0);
	while (s->before_ns) {
		q.at_ns = before_ns = s->before_ns;
		snapshot_free(s);
		if (++steps % 50)
			q.limit = 0; /* quicker */
		s = engine_look(en, &q);
		assert_int_equal(s->at_ns, before_ns);
		assert_true(s->summary.packets < packets);
		packets = s->summary.packets;
		if (steps == 20) /* not all of them: each begins anew */
			break;
	}
	before_ns = s->at_ns;
	q.at_ns = s->after_ns;
	snapshot_free(s);
	s = engine_look(en, &q);
	assert_int_equal(s->before_ns, before_ns);
	assert_true(s->summary.packets > packets);
	snapshot_free(s);
	engine_free(en);
	bytes_done(&capture);
}

/* To sort by a field only some of each row is made; a filter that holds for all asks for the whole. */
static void order_is_that_of_whole_rows(void **state)
{
	struct bytes capture = make_capture(7, 0);
	struct engine *en = run(&capture, 1, 0);
	unsigned count;
	const struct field *all = fields(&count);

	(void)state;
	for (unsigned i = 0; i < 2 * count; i++) {
		struct query q = {.limit = ROWS, .fade_ns = -1, .descending = i & 1};
		struct snapshot *brief, *whole;

		snprintf(q.sort, sizeof(q.sort), "%s", all[i / 2].name);
		q.sums[0] = all[i / 2].name;
		brief = engine_look(en, &q);
		snprintf(q.filter, sizeof(q.filter), "packets >= 0");
		whole = engine_look(en, &q);
		assert_int_equal(brief->row_count, whole->row_count);
		for (uint32_t r = 0; r < brief->row_count; r++)
			assert_int_equal(brief->rows[r].id, whole->rows[r].id);
		if (brief->sums && field_is_integer(&all[i / 2]))
			assert_int_equal(field_int(&all[i / 2], brief->sums),
					 field_int(&all[i / 2], whole->sums));
		snapshot_free(brief);
		snapshot_free(whole);
	}
	engine_free(en);
	bytes_done(&capture);
}

/* What was chosen is used again for another window only. */
static void windows_of_one_choice(void **state)
{
	struct query q = {.limit = ROWS, .fade_ns = -1, .sort = "src.bytes"};
	struct bytes capture = make_capture(8, 0);
	struct engine *en = run(&capture, 1, 0);
	struct snapshot *whole = engine_look(en, &q), *part;

	(void)state;
	for (q.offset = 0; q.offset < whole->row_count; q.offset += 7) {
		q.limit = 3;
		q.follow_id = whole->rows[q.offset].id;
		part = engine_look(en, &q);
		assert_int_equal(part->rows[0].id, whole->rows[q.offset].id);
		assert_int_equal(part->follow_index, q.offset);
		assert_int_equal(part->matched, whole->matched);
		snapshot_free(part);
	}
	q.offset = 0;
	q.descending = true;
	part = engine_look(en, &q);
	assert_true(part->rows[0].src.bytes >= whole->rows[whole->row_count - 1].src.bytes);
	assert_true(part->rows[0].src.bytes > whole->rows[0].src.bytes);
	snapshot_free(part);
	snapshot_free(whole);
	engine_free(en);
	bytes_done(&capture);
}

static void a_pipe_has_no_past(void **state)
{
	struct query q = {.limit = ROWS, .fade_ns = -1, .at_ns = T0_NS + 5000 * MS};
	struct engine_options o = {.look_back = true, .keep_closed_ns = 1000 * MS};
	struct bytes capture = make_capture(6, 0);
	struct source *source;
	struct snapshot *s;
	struct engine *en;
	struct err e;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], capture.data, 4000), 4000);
	close(fds[1]);
	assert_int_equal(file_source_new(&source, fds[0], "-", NULL, &e), 0);
	assert_int_equal(engine_new(&en, &o, &e), 0);
	engine_add_source(en, source);
	engine_run(en, &e); /* it is cut off */
	s = engine_look(en, &q);
	assert_int_equal(s->at_ns, 0);
	assert_int_equal(s->asked_ns, q.at_ns);
	assert_non_null(strstr(s->error, "cannot be read twice"));
	snapshot_free(s);
	engine_free(en);
	bytes_done(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_in_a_file_is_a_report_cut_there),
		cmocka_unit_test(so_it_is_when_frames_are_out_of_order),
		cmocka_unit_test(and_of_files_of_one_time),
		cmocka_unit_test(steps_lead_to_where_something_happened),
		cmocka_unit_test(order_is_that_of_whole_rows),
		cmocka_unit_test(windows_of_one_choice),
		cmocka_unit_test(a_pipe_has_no_past),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
