/* SPDX-License-Identifier: MIT */
#include "flow/tcp/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "packets.h"

enum { FIN = TCP_FIN, SYN = TCP_SYN, RST = TCP_RST, ACK = TCP_ACK };

/* From Zeek's documentation of conn_state and history, one a row; the text is the sequence:
 * upper case = A sends (as in history), S H A D F R as there, X = FIN and RST, Z = window 0. */
static const struct {
	const char *segments, *state, *history, *end_reason;
} rows[] = {
	{"S", "S0", "S", ""},
	{"Sh", "S1", "Sh", ""}, /* the answer is enough */
	{"ShA", "S1", "ShA", ""},
	{"ShADadFf", "SF", "ShADadFf", "fin"},
	{"ShADadfF", "SF", "ShADadfF", "fin"},
	{"Sr", "REJ", "Sr", "rst"},
	{"ShADF", "S2", "ShADF", ""},
	{"ShADf", "S3", "ShADf", ""},
	{"ShADR", "RSTO", "ShADR", "rst"},
	{"ShADr", "RSTR", "ShADr", "rst"},
	{"SR", "RSTOS0", "SR", "rst"},
	{"hr", "RSTRH", "hr", "rst"},
	{"SF", "SH", "SF", ""},
	{"hf", "SHR", "hf", ""},
	{"Dd", "OTH", "Dd", ""},
	{"ShADDDdddFf", "SF", "ShADdFf", "fin"},
	{"ShAFRf", "SF", "ShAFRf", "fin"}, /* FIN, RST, then the other's FIN: a normal end */
	{"ShAFfRr", "SF", "ShAFfRr", "fin"},
	{"ShAZ", "S1", "ShAW", ""},
	{"ShAX", "RSTO", "ShAI", "rst"},
};

struct player {
	struct flow_table *t;
	uint32_t seq[2];
	int64_t now_ns;
};

static void play(struct player *w, char letter)
{
	static const struct {
		char letter;
		uint8_t flags;
		uint32_t len;
		uint16_t window;
	} kinds[] = {
		{'S', SYN, 0, 1000},	   {'H', SYN | ACK, 0, 1000}, {'A', ACK, 0, 1000},
		{'D', ACK, 10, 1000},	   {'F', FIN | ACK, 0, 1000}, {'R', RST, 0, 1000},
		{'X', FIN | RST, 0, 1000}, {'Z', ACK, 0, 0},
	};
	int from = letter >= 'a' ? B : A;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct segment_row r = {0, from, kinds[i].flags, w->seq[from],
					kinds[i].flags == SYN ? 0 : w->seq[!from], kinds[i].len,
					kinds[i].window, 0};
		struct packet p = segment_packet(&r);

		if (kinds[i].letter != (letter & ~0x20))
			continue;
		p.time_ns += w->now_ns += 10 * MS;
		flow_table_packets(w->t, &p, 1);
		w->seq[from] += r.len + (r.flags & (SYN | FIN) ? 1 : 0);
	}
}

static void names_states_as_zeek_does(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct player w = {.t = small_table(), .seq = {1000, 5000}};
		struct flow_row *row;

		for (const char *c = rows[i].segments; *c; c++)
			play(&w, *c);
		row = only_row(w.t);
		if (strcmp(row->state, rows[i].state) || strcmp(row->history, rows[i].history) ||
		    strcmp(row->end_reason, rows[i].end_reason)) {
			print_error("%s: %s %s %s\n", rows[i].segments, row->state, row->history,
				    row->end_reason);
			bad++;
		}
		flow_table_free(w.t);
	}
	assert_int_equal(bad, 0);
}

static void scales_letters_by_ten(void **state)
{
	struct player w = {.t = small_table(), .seq = {1000, 5000}};

	(void)state;
	for (const char *c = "ShA"; *c; c++)
		play(&w, *c);
	for (int i = 0; i < 100; i++)
		play(&w, 'Z');
	assert_string_equal(only_row(w.t)->history, "ShAWWW"); /* 1, 10, 100 */
	flow_table_free(w.t);
}

static void ignores_bad_checksums(void **state)
{
	struct segment_row r = {0, A, SYN, 100, 0, 0, 1000, 0};
	struct packet p = segment_packet(&r);
	struct flow_table *t = small_table();

	(void)state;
	p.anomalies = ANOMALY_BIT(ANOMALY_L4_CHECKSUM);
	flow_table_packets(t, &p, 1);
	assert_string_equal(only_row(t)->history, "C");
	assert_string_equal(only_row(t)->state, "OTH");
	flow_table_free(t);
}

static void keeps_long_histories_in_bounds(void **state)
{
	struct flow_table *t = small_table();

	(void)state;
	for (unsigned i = 0; i < 100; i++) { /* each RST at another number is news */
		struct segment_row r = {i, A, RST, 1000 * i, 0, 0, 0, 0};
		struct packet p = segment_packet(&r);

		flow_table_packets(t, &p, 1);
	}
	assert_int_equal(strlen(only_row(t)->history), ROW_HISTORY_MAX - 1);
	flow_table_free(t);
}

static void udp_has_states_too(void **state)
{
	struct packet p = udp_from(A, 0, 10), q = udp_from(B, MS, 10);
	struct flow_table *t = small_table();

	(void)state;
	flow_table_packets(t, &p, 1);
	assert_string_equal(only_row(t)->state, "S0");
	flow_table_packets(t, &q, 1);
	assert_string_equal(only_row(t)->state, "SF");
	assert_string_equal(only_row(t)->history, "Dd");
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_states_as_zeek_does),
		cmocka_unit_test(scales_letters_by_ten),
		cmocka_unit_test(ignores_bad_checksums),
		cmocka_unit_test(keeps_long_histories_in_bounds),
		cmocka_unit_test(udp_has_states_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
