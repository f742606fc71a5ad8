/* SPDX-License-Identifier: MIT
 *
 * Tags, groups, sums, the tree, finding, filters with names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"

static char kept[1024];

static int keep(void *ctx, const char *setting, const char *name, const char *value, struct err *e)
{
	(void)ctx, (void)e;
	snprintf(kept, sizeof(kept), "%s %s %s", setting, name, value ? value : "(none)");
	return 0;
}

static uint64_t exported[16];
static uint32_t exported_count;

static int export(void *ctx, const char *path, const struct snapshot *s, struct err *e)
{
	(void)ctx, (void)path, (void)e;
	exported_count = s->row_count;
	for (uint32_t i = 0; i < s->row_count && i < 16; i++)
		exported[i] = s->rows[i].id;
	return 0;
}

static void start(struct app *a)
{
	const struct app_options o = {
		.source = "eth0", .live = true, .utf8 = true, .keep = keep, .export = export};

	kept[0] = '\0';
	assert_int_equal(app_init(a, &o, 120, 24), 0);
	app_draw(a);
	fake_answer(a, 5);
}

/* As the engine does: only the rows that are asked for. */
static void answer_only(struct app *a)
{
	struct snapshot *s;
	struct query q;

	assert_true(app_query(a, &q));
	s = fake_snapshot(0, q.only.count, q.only.count);
	for (uint32_t i = 0; i < q.only.count; i++)
		fake_flow(&s->rows[i], (unsigned)q.only.id[i]);
	s->ticket = q.ticket;
	s->errand = q.errand;
	app_take(a, s);
}

static void tagged_rows_are_taken_along(void **state)
{
	struct query q;
	struct app a;

	(void)state;
	start(&a);
	fake_keys(&a, "tjt"); /* flows 1 and 3: a tag goes on to the next row */
	assert_int_equal(a.list->tagged.count, 2);
	assert_true(shows(&a, "•proc1 "));
	assert_true(shows(&a, " proc2 "));
	assert_true(shows(&a, "•proc3 "));
	assert_true(shows(&a, "2 tagged"));
	fake_key(&a, 'Y');
	assert_string_equal(a.copy, "");
	answer_only(&a);
	assert_string_equal(a.copy, "tcp 192.0.2.1:40001 192.0.2.250:443\n"
				    "tcp 192.0.2.3:40003 192.0.2.250:443");
	assert_true(shows(&a, "proc2")); /* the list itself stays as it is */
	fake_key(&a, 'y');
	answer_only(&a);
	assert_string_equal(a.copy,
			    "(tcp and host 192.0.2.1 and port 40001 and host 192.0.2.250 and port 443)"
			    " or "
			    "(tcp and host 192.0.2.3 and port 40003 and host 192.0.2.250 and port 443)");
	fake_key(&a, 'e');
	assert_true(shows(&a, "the 2 tagged rows"));
	fake_key(&a, INPUT_ENTER);
	answer_only(&a);
	assert_int_equal(exported_count, 2);
	assert_int_equal(exported[1], 3);
	fake_key(&a, '*');
	answer_only(&a);
	assert_true(hides(&a, "proc2"));
	assert_true(shows(&a, "only 2 tagged"));
	fake_key(&a, 'U');
	assert_true(app_query(&a, &q));
	assert_int_equal(q.only.count, 0);
	fake_answer(&a, 5);
	assert_true(hides(&a, "tagged"));
	app_done(&a);
}

/* --- groups ----------------------------------------------------------------------------------- */

static void answer_groups(struct app *a, const char *key)
{
	struct snapshot *s = fake_snapshot(0, 0, 1);
	struct query q;

	assert_true(app_query(a, &q));
	assert_int_equal(q.of, QUERY_GROUPS);
	s->of = q.of;
	s->ticket = q.ticket;
	s->row_count = 1;
	s->groups = calloc(1, sizeof(*s->groups));
	s->groups[0].id = 77;
	s->groups[0].flows = 4;
	snprintf(s->groups[0].key, sizeof(s->groups[0].key), "%s", key);
	app_take(a, s);
}

/* Choose the n-th of the box. */
static void group_by(struct app *a, int n)
{
	fake_key(a, 'b');
	fake_key(a, INPUT_HOME);
	while (n--)
		fake_key(a, INPUT_DOWN);
	fake_key(a, INPUT_ENTER);
}

static void flows_are_added_up(void **state)
{
	struct query q;
	struct app a;

	(void)state;
	start(&a);
	fake_keys(&a, "/port = 443");
	fake_key(&a, INPUT_ENTER);
	group_by(&a, 1);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.group, "process");
	assert_string_equal(q.flows, "port = 443"); /* of the flows that were listed */
	assert_string_equal(q.filter, "");
	answer_groups(&a, "od\"d");
	assert_true(shows(&a, "by process of port = 443"));
	fake_key(&a, INPUT_ENTER);
	assert_ptr_equal(a.view, &view_flows);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.filter, "(src.process.name = \"od\\\"d\" or dst.process.name = "
				      "\"od\\\"d\") and (port = 443)");
	fake_answer(&a, 2);
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_groups);
	group_by(&a, 9); /* app, or else proto: of a value that only an app has */
	answer_groups(&a, "tls");
	fake_key(&a, INPUT_ENTER);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.filter, "(app = \"tls\") and (port = 443)");
	fake_key(&a, INPUT_ESCAPE);
	answer_groups(&a, "udp");
	fake_key(&a, INPUT_ENTER);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.filter,
			    "(app = \"udp\" or not has app and proto = udp) and (port = 443)");
	fake_key(&a, INPUT_ESCAPE);
	answer_groups(&a, "(unknown)");
	fake_key(&a, INPUT_ENTER);
	assert_ptr_equal(a.view, &view_groups);
	group_by(&a, 0);
	assert_ptr_equal(a.view, &view_flows);
	fake_key(&a, '3');
	fake_key(&a, 'b');
	assert_true(shows(&a, "only flows are added up"));
	app_done(&a);
}

/* --- sums ------------------------------------------------------------------------------------- */

static void sums_stand_below(void **state)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);
	struct flow_row *sums = calloc(1, sizeof(*sums));
	struct query q;
	struct app a;

	(void)state;
	start(&a);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.sums[0], "src.rate_bps");
	s->ticket = q.ticket;
	s->sums = sums;
	sums->src.rate_bps = 7000000;
	sums->dst.rate_bps = ROW_ABSENT;
	app_take(&a, s);
	assert_true(shows(&a, " 3 flows"));
	assert_int_equal(style_of(&a, "7.0M"), STYLE_TOTAL);
	fake_key(&a, '=');
	assert_true(hides(&a, "7.0M"));
	assert_true(app_query(&a, &q));
	assert_null(q.sums[0]);
	app_done(&a);
}

/* --- the tree --------------------------------------------------------------------------------- */

static void answer_tree(struct app *a)
{
	static const struct {
		const char *name;
		uint8_t depth, branch;
		uint32_t rails;
	} rows[] = {
		{"init", 0, BRANCH_OPEN, 0},  {"sshd", 1, BRANCH_OPEN, 1}, {"curl", 2, BRANCH_NONE, 1},
		{"cron", 1, BRANCH_FOLDED, 0},
	};
	struct snapshot *s = fake_snapshot(0, 0, 4);
	struct query q;

	assert_true(app_query(a, &q));
	s->of = q.of;
	s->ticket = q.ticket;
	s->row_count = 4;
	s->processes = calloc(4, sizeof(*s->processes));
	for (unsigned i = 0; i < 4; i++) {
		struct usage_row *u = &s->processes[i];

		u->id = i + 1;
		process_row_absent(&u->process, UNBOUND_NONE);
		u->process.pid = 100 + i;
		snprintf(u->process.name, sizeof(u->process.name), "%s", rows[i].name);
		u->depth = rows[i].depth;
		u->branch = rows[i].branch;
		u->rails = rows[i].rails;
	}
	app_take(a, s);
}

static void processes_below_their_parents(void **state)
{
	const struct input wide = {.kind = INPUT_RESIZE, .width = 200, .height = 24};
	struct query q;
	struct app a;

	(void)state;
	start(&a);
	app_input(&a, &wide); /* a narrow column draws the lines closer */
	fake_key(&a, 'T');
	assert_true(shows(&a, "only processes are a tree"));
	fake_keys(&a, "2-");
	assert_true(shows(&a, "this is no tree now: T makes one"));
	fake_key(&a, 'T');
	assert_true(app_query(&a, &q));
	assert_true(q.tree);
	answer_tree(&a);
	assert_true(shows(&a, " init "));
	assert_true(shows(&a, " ├ sshd "));
	assert_true(shows(&a, " │ └ curl "));
	assert_true(shows(&a, " └ ▸cron "));
	fake_key(&a, INPUT_DOWN);
	fake_key(&a, '-');
	assert_true(app_query(&a, &q));
	assert_int_equal(q.folded.count, 1);
	assert_int_equal(q.folded.id[0], 2);
	fake_key(&a, '-');
	assert_true(app_query(&a, &q));
	assert_int_equal(q.folded.count, 0);
	fake_key(&a, INPUT_DOWN);
	fake_key(&a, '-');
	assert_true(shows(&a, "nothing is below this one"));
	app_done(&a);
}

/* --- finding ---------------------------------------------------------------------------------- */

static void answer_found(struct app *a, int64_t found)
{
	struct snapshot *s;
	struct query q;

	assert_true(app_query(a, &q));
	s = fake_snapshot(0, 50, 50);
	s->ticket = q.ticket;
	s->find_ticket = q.find_ticket;
	s->found = found;
	s->finds = found < 0 ? 0 : 3;
	app_take(a, s);
}

static void rows_are_found_and_none_is_hidden(void **state)
{
	struct query q;
	struct app a;

	(void)state;
	start(&a);
	fake_keys(&a, "jfproc9");
	assert_true(app_query(&a, &q));
	assert_string_equal(q.find, "proc9");
	assert_string_equal(q.filter, "");
	assert_int_equal(q.find_from, 1);
	assert_int_equal(q.find_step, 0);
	answer_found(&a, 8);
	assert_int_equal(a.list->table.cursor, 8);
	assert_true(shows(&a, "3 rows"));
	assert_true(app_query(&a, &q));
	assert_string_equal(q.find, ""); /* once is enough */
	fake_key(&a, INPUT_ENTER);
	fake_key(&a, 'n');
	assert_true(app_query(&a, &q));
	assert_int_equal(q.find_from, 8);
	assert_int_equal(q.find_step, 1);
	answer_found(&a, 20);
	assert_int_equal(a.list->table.cursor, 20);
	fake_key(&a, 'N');
	assert_true(app_query(&a, &q));
	assert_int_equal(q.find_step, -1);
	answer_found(&a, -1);
	assert_int_equal(a.list->table.cursor, 20);
	assert_true(shows(&a, "no row has this"));
	fake_keys(&a, "fzzz");
	answer_found(&a, 30);
	fake_key(&a, INPUT_ESCAPE);
	assert_int_equal(a.list->table.cursor, 20); /* back where it was */
	app_done(&a);
}

/* --- filters with names ----------------------------------------------------------------------- */

static void filters_get_names(void **state)
{
	struct app a;

	(void)state;
	start(&a);
	fake_key(&a, 'F');
	assert_true(shows(&a, "no filter has a name yet"));
	fake_keys(&a, "/rtt > 1ms");
	fake_key(&a, INPUT_ENTER);
	fake_keys(&a, "+sl ow");
	assert_true(shows(&a, "letters, digits"));
	fake_key(&a, INPUT_CTRL('U'));
	fake_keys(&a, "slow");
	fake_key(&a, INPUT_ENTER);
	assert_string_equal(kept, "filter slow rtt > 1ms");
	fake_key(&a, 'c');
	assert_string_equal(a.list->filter, "");
	fake_keys(&a, ":slo");
	assert_true(shows(&a, "slow: rtt > 1ms"));
	fake_key(&a, INPUT_ENTER);
	assert_string_equal(a.list->filter, "rtt > 1ms");
	fake_key(&a, 'c');
	fake_key(&a, 'F');
	assert_true(shows(&a, "slow  rtt > 1ms"));
	fake_key(&a, INPUT_ENTER);
	assert_string_equal(a.list->filter, "rtt > 1ms");
	fake_keys(&a, "Fd");
	assert_string_equal(kept, "filter slow (none)");
	assert_int_equal(a.choices.filter_count, 0);
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tagged_rows_are_taken_along),
		cmocka_unit_test(flows_are_added_up),
		cmocka_unit_test(sums_stand_below),
		cmocka_unit_test(processes_below_their_parents),
		cmocka_unit_test(rows_are_found_and_none_is_hidden),
		cmocka_unit_test(filters_get_names),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
