/* SPDX-License-Identifier: MIT
 *
 * The registry, and what holds for every row: each sample is recognised and tells its facts, each
 * beginning of it is never refused nor answered with "more" at the end, and no changed byte leads
 * astray.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/app_run.h"
#include "unit/decode/app_samples.h"

static const struct app_parser *row(unsigned id)
{
	unsigned count;
	const struct app_parser *rows = app_parsers(&count);

	assert_true(id < count);
	return &rows[id];
}

static size_t bytes_of(const struct app_sample *s, uint8_t out[APP_SAMPLE_MAX])
{
	size_t len;

	if (s->hex)
		return app_unhex(out, APP_SAMPLE_MAX, s->hex);
	len = strlen(s->text);
	assert_true(len <= APP_SAMPLE_MAX);
	memcpy(out, s->text, len);
	return len;
}

static struct app_input input_of(const struct app_sample *s, bool final)
{
	struct app_input in = {.datagram = s->datagram, .to_server = s->to_server, .final = final};

	in.port[0] = s->to_server ? 40000 : s->port;
	in.port[1] = s->to_server ? s->port : 40000;
	return in;
}

static void rows_are_sound(void **state)
{
	unsigned count;
	const struct app_parser *rows = app_parsers(&count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		assert_non_null(rows[i].fn);
		assert_true(rows[i].reference[0] != '\0');
		assert_true(rows[i].flags & (APP_STREAM | APP_DATAGRAM));
		assert_true(!(rows[i].flags & APP_NEEDS_PORT) || rows[i].ports[0]);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(rows[i].name, rows[k].name);
	}
}

static void facts_have_fields(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FACT_KINDS; i++) {
		assert_non_null(strchr(fact_row(i)->field, '.'));
		assert_non_null(fact_row(i)->help);
	}
}

static void ports_decide_for_weak_rows(void **state)
{
	const uint16_t there[2] = {123, 40000}, elsewhere[2] = {40001, 40000};

	(void)state;
	assert_true(app_applies(row(APP_ID_ntp), true, there));
	assert_false(app_applies(row(APP_ID_ntp), true, elsewhere));
	assert_false(app_applies(row(APP_ID_ntp), false, there));
	assert_true(app_applies(row(APP_ID_tls), false, elsewhere));
	assert_true(app_on_port(row(APP_ID_ntp), there));
	assert_false(app_on_port(row(APP_ID_tls), elsewhere));
}

static void samples_tell_their_facts(void **state)
{
	uint8_t bytes[APP_SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < APP_SAMPLES; i++) {
		const struct app_sample *s = &app_samples[i];
		size_t len = bytes_of(s, bytes);
		struct app_run r = app_run(row(s->row)->fn, input_of(s, true), bytes, len);

		if (r.status != APP_DONE)
			print_message("%s, sample %u\n", row(s->row)->name, i);
		assert_int_equal(r.status, APP_DONE);
		assert_string_equal(r.facts, s->facts ? s->facts : "");
	}
}

/* Rows whose parser has a test of its own instead. */
static void every_row_has_a_sample(void **state)
{
	unsigned count, seen = 0;
	const struct app_parser *rows = app_parsers(&count);

	(void)state;
	for (unsigned id = 0; id < count; id++) {
		bool elsewhere = !strncmp(rows[id].name, "quic", 4) ||
				 !strncmp(rows[id].name, "rt", 2) || strstr(rows[id].name, "dns") ||
				 strstr(rows[id].name, "nbns") || strstr(rows[id].name, "llmnr");

		for (unsigned i = 0; i < APP_SAMPLES; i++)
			if (app_samples[i].row == id) {
				seen++;
				elsewhere = true;
				break;
			}
		if (!elsewhere)
			print_message("%s has no sample\n", rows[id].name);
		assert_true(elsewhere);
	}
	assert_true(seen > 0);
}

/* A stream that grows is never refused on the way; one that ends early gets a final answer. */
static void beginnings_are_never_refused(void **state)
{
	uint8_t bytes[APP_SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < APP_SAMPLES; i++) {
		const struct app_sample *s = &app_samples[i];
		size_t len = bytes_of(s, bytes);

		for (size_t n = 0; n < len; n++) {
			struct app_run grows =
				app_run(row(s->row)->fn, input_of(s, false), bytes, n);
			struct app_run ends = app_run(row(s->row)->fn, input_of(s, true), bytes, n);

			if (!s->datagram && grows.status == APP_NO)
				print_message("%s, sample %u, %zu bytes\n", row(s->row)->name, i,
					      n);
			assert_true(s->datagram || grows.status != APP_NO);
			assert_true(!s->datagram || grows.status != APP_MORE);
			assert_true(ends.status != APP_MORE);
		}
	}
}

/* Any parser, any damage: no read beyond the end, no "more" at the end. */
static void damage_does_no_harm(void **state)
{
	static const uint8_t changes[] = {0x01, 0x80, 0xff};
	uint8_t bytes[APP_SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < APP_SAMPLES; i++) {
		const struct app_sample *s = &app_samples[i];
		size_t len = bytes_of(s, bytes);

		for (size_t k = 0; k < 3 * len; k++) {
			struct app_run r;

			bytes[k / 3] ^= changes[k % 3];
			r = app_run(row(s->row)->fn, input_of(s, true), bytes, len);
			assert_true(r.status == APP_NO || r.status == APP_DONE);
			bytes[k / 3] ^= changes[k % 3];
		}
	}
}

static void no_row_claims_another_sample(void **state)
{
	uint8_t bytes[APP_SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < APP_SAMPLES; i++) {
		const struct app_sample *s = &app_samples[i];
		size_t len = bytes_of(s, bytes);

		for (unsigned id = 0; id < s->row; id++) {
			struct app_input in = input_of(s, true);

			if (!app_applies(row(id), s->datagram, in.port))
				continue;
			if (app_run(row(id)->fn, in, bytes, len).status == APP_DONE)
				fail_msg("%s claims sample %u of %s", row(id)->name, i,
					 row(s->row)->name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sound),
		cmocka_unit_test(facts_have_fields),
		cmocka_unit_test(ports_decide_for_weak_rows),
		cmocka_unit_test(samples_tell_their_facts),
		cmocka_unit_test(every_row_has_a_sample),
		cmocka_unit_test(beginnings_are_never_refused),
		cmocka_unit_test(damage_does_no_harm),
		cmocka_unit_test(no_row_claims_another_sample),
	};

	app_parsers_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
