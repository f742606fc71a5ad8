/* SPDX-License-Identifier: MIT
 *
 * Answers about sockets and processes, of an engine that is only fed events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "flow/engine_private.h"
#include "flow/rows/socket_field.h"

#define S  1000000000ll
#define T0 (1000 * S)

struct world {
	struct engine *en;
	struct snapshot *s;
};

static void begin(struct world *w)
{
	struct engine_options o = {.max_flows = 64, .max_sockets = 64};
	struct err e;

	*w = (struct world){0};
	assert_int_equal(engine_new(&w->en, &o, &e), 0);
	w->en->clock.offset_ns = 0;
}

static void finish(struct world *w)
{
	snapshot_free(w->s);
	engine_free(w->en);
}

static struct sock_event event(uint8_t kind, uint64_t cookie, uint32_t pid, int64_t time_ns)
{
	static const uint8_t here[4] = {10, 0, 0, 1}, there[4] = {192, 0, 2, 9};
	struct sock_event ev = {
		.kind = kind,
		.cookie = cookie,
		.time_ns = (uint64_t)time_ns,
		.family = AF_INET,
		.type = SOCK_STREAM,
		.proto = IPPROTO_TCP,
		.tcp_state = 1,
		.netns = 7,
		.local_port = (uint16_t)(4000 + cookie),
		.remote_port = 80,
		.fd = 3,
		.pid = pid,
		.tid = pid,
		.uid = 1000,
		.comm = "prog",
	};
	struct addr local = addr_v4(here), remote = addr_v4(there);

	memcpy(ev.local, local.b, 16);
	memcpy(ev.remote, remote.b, 16);
	return ev;
}

static void open_socket(struct world *w, uint64_t cookie, uint32_t pid, int64_t time_ns)
{
	struct sock_event ev = event(SOCK_EVENT_OPEN, cookie, pid, time_ns);

	engine_event(w->en, &ev);
}

static void totals(struct world *w, uint8_t kind, uint64_t cookie, uint32_t pid, int64_t time_ns,
		   uint64_t tx, uint64_t rx)
{
	struct sock_event ev = event(kind, cookie, pid, time_ns);

	ev.totals.tx_bytes = tx;
	ev.totals.rx_bytes = rx;
	ev.totals.tx_calls = 2;
	ev.totals.rx_errors = 1;
	ev.totals.error = ECONNRESET;
	ev.totals.unread_bytes = 5;
	engine_event(w->en, &ev);
}

static const struct snapshot *ask(struct world *w, struct query q)
{
	if (!q.limit)
		q.limit = 100;
	snapshot_free(w->s);
	w->s = engine_snapshot(w->en, &q);
	assert_non_null(w->s);
	assert_int_equal(w->s->of, q.of);
	return w->s;
}

static void test_a_socket_in_full(void **state)
{
	const struct socket_row *r;
	struct world w;

	(void)state;
	begin(&w);
	open_socket(&w, 1, 100, T0);
	totals(&w, SOCK_EVENT_TOTALS, 1, 100, T0 + S, 1000, 50);
	r = ask(&w, (struct query){.of = QUERY_SOCKETS})->sockets;
	assert_int_equal(w.s->row_count, 1);
	assert_int_equal(r->cookie, 1);
	assert_string_equal(r->family, "inet");
	assert_string_equal(r->type, "stream");
	assert_string_equal(r->proto, "tcp");
	assert_string_equal(r->state, "established");
	assert_string_equal(r->local.address, "10.0.0.1:4001");
	assert_string_equal(r->remote.ip, "192.0.2.9");
	assert_int_equal(r->remote.port, 80);
	assert_int_equal(r->start_ns, T0);
	assert_int_equal(r->duration_ns, S);
	assert_true(r->end_ns == ROW_ABSENT && !r->closed);
	assert_int_equal(r->process.pid, 100);
	assert_int_equal(r->process.match, MATCH_EXACT);
	assert_int_equal(r->owners.count, 1);
	assert_int_equal(r->owners.row[0].from_ns, T0);
	assert_int_equal(r->io.written_bytes, 1000);
	assert_int_equal(r->io.written_bps, 8000);
	assert_int_equal(r->io.write_calls, 2);
	assert_int_equal(r->queue.unread_bytes, 5);
	assert_true(r->queue.backlog == ROW_ABSENT);
	assert_string_equal(r->error, "ECONNRESET");
	finish(&w);
}

static void test_totals_unknown_until_told(void **state)
{
	const struct socket_row *r;
	struct world w;

	(void)state;
	begin(&w);
	open_socket(&w, 1, 100, T0);
	r = ask(&w, (struct query){.of = QUERY_SOCKETS})->sockets;
	assert_true(r->io.written_bytes == ROW_ABSENT && r->io.written_bps == ROW_ABSENT);
	assert_true(r->drops == ROW_ABSENT && r->queue.unread_bytes == ROW_ABSENT);
	assert_string_equal(r->error, "");
	finish(&w);
}

static void test_a_quiet_socket_has_no_rate(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	open_socket(&w, 1, 100, T0);
	totals(&w, SOCK_EVENT_TOTALS, 1, 100, T0 + S, 1000, 0);
	correlator_advance(w.en->correlator, T0 + 4 * S);
	assert_int_equal(ask(&w, (struct query){.of = QUERY_SOCKETS})->sockets->io.written_bps, 0);
	/* What comes after a pause is of the last second, not of all of it. */
	totals(&w, SOCK_EVENT_TOTALS, 1, 100, T0 + 30 * S, 3000, 0);
	assert_int_equal(ask(&w, (struct query){.of = QUERY_SOCKETS})->sockets->io.written_bps,
			 16000);
	finish(&w);
}

static void test_all_owners_with_their_times(void **state)
{
	const struct socket_row *r;
	struct sock_event ev;
	struct world w;

	(void)state;
	begin(&w);
	open_socket(&w, 1, 100, T0);
	ev = event(SOCK_EVENT_OWNER, 1, 200, T0 + S);
	engine_event(w.en, &ev);
	totals(&w, SOCK_EVENT_CLOSE, 1, 200, T0 + 2 * S, 0, 0);
	r = ask(&w, (struct query){.of = QUERY_SOCKETS, .fade_ns = -1})->sockets;
	assert_int_equal(r->owners.count, 2);
	assert_int_equal(r->owners.row[0].pid, 100);
	assert_int_equal(r->owners.row[1].pid, 200);
	assert_int_equal(r->owners.row[1].from_ns, T0 + S);
	assert_int_equal(r->owners.row[1].until_ns, T0 + 2 * S);
	assert_int_equal(r->process.pid, 200);
	assert_string_equal(r->state, "closed");
	assert_int_equal(r->end_ns, T0 + 2 * S);
	finish(&w);
}

static void name_unix(struct world *w, uint64_t cookie, uint64_t peer, const char *name, size_t len)
{
	for (size_t at = 0; at < len || !at; at += SOCK_PATH_PIECE) {
		struct sock_event ev = event(SOCK_EVENT_UNIX, cookie, 100, T0);

		ev.family = AF_UNIX;
		ev.local_port = ev.remote_port = 0;
		ev.un.peer = peer;
		ev.un.path_bytes = (uint16_t)len;
		ev.un.path_at = (uint8_t)at;
		memcpy(ev.un.path, name + at,
		       len - at < SOCK_PATH_PIECE ? len - at : SOCK_PATH_PIECE);
		engine_event(w->en, &ev);
	}
}

static void test_unix_names_and_peers(void **state)
{
	const char path[] = "/run/a/path/that/is/longer/than/one/piece/of/it/0123456789/x.sock";
	const struct socket_row *r;
	struct world w;

	(void)state;
	begin(&w);
	name_unix(&w, 1, 2, path, sizeof(path)); /* the kernel counts its NUL */
	name_unix(&w, 2, 1, "", 0);
	name_unix(&w, 3, 0, "\0abs\x1b", 5);
	r = ask(&w, (struct query){.of = QUERY_SOCKETS, .sort = "cookie"})->sockets;
	assert_string_equal(r[0].family, "unix");
	assert_string_equal(r[0].local.path, path);
	assert_string_equal(r[0].local.address, path);
	assert_int_equal(r[0].peer.pid, 100);
	assert_string_equal(r[0].remote.path, "");
	assert_string_equal(r[1].remote.path, path);
	assert_string_equal(r[1].local.path, "");
	assert_string_equal(r[2].local.path, "@abs\\x1b");
	assert_true(r[2].peer.pid == ROW_ABSENT);
	finish(&w);
}

static unsigned told_count;
static struct socket_row told[4];

static void note_told(void *ctx, const struct socket_row *row)
{
	(void)ctx;
	assert_true(told_count < 4);
	told[told_count++] = *row;
}

/* Two attempts on one socket, to two ports; the socket itself never was more. */
static void test_each_failed_connect_is_told(void **state)
{
	struct summary_row sum;
	struct sock_event ev;
	struct world w;

	(void)state;
	begin(&w);
	told_count = 0;
	engine_on_socket(w.en, note_told, NULL);
	ev = event(SOCK_EVENT_OPEN, 1, 100, T0);
	ev.local_port = ev.remote_port = 0;
	engine_event(w.en, &ev);
	for (uint16_t i = 0; i < 2; i++) {
		ev = event(SOCK_EVENT_ADDRESS, 1, 100, T0 + i * S);
		ev.tcp_state = 2;
		ev.remote_port = (uint16_t)(9 + i);
		engine_event(w.en, &ev);
		ev = event(SOCK_EVENT_FAILED, 1, 100, T0 + i * S + 1000);
		ev.remote_port = (uint16_t)(9 + i);
		ev.totals.error = i ? ETIMEDOUT : ECONNREFUSED;
		engine_event(w.en, &ev);
	}
	ev = event(SOCK_EVENT_CLOSE, 1, 100, T0 + 3 * S);
	ev.remote_port = 0;
	engine_event(w.en, &ev);
	correlator_advance(w.en->correlator, T0 + 60 * S);
	engine_finish(w.en, &sum);
	assert_int_equal(told_count, 2);
	assert_string_equal(told[0].state, "failed");
	assert_string_equal(told[0].error, "ECONNREFUSED");
	assert_int_equal(told[0].remote.port, 9);
	assert_int_equal(told[0].process.pid, 100);
	assert_string_equal(told[1].state, "failed");
	assert_string_equal(told[1].error, "ETIMEDOUT");
	assert_int_equal(told[1].remote.port, 10);
	assert_int_equal(told[1].failures, 2);
	assert_int_equal(told[1].end_ns, T0 + 3 * S);
	finish(&w);
}

static void test_sorted_cut_and_found(void **state)
{
	const struct snapshot *s;
	struct world w;
	uint64_t id;

	(void)state;
	begin(&w);
	for (uint32_t i = 1; i <= 9; i++)
		open_socket(&w, i, 100 + i % 2, T0 + i * S);
	s = ask(&w, (struct query){.of = QUERY_SOCKETS, .limit = 3, .offset = 2});
	assert_int_equal(s->total, 9);
	assert_int_equal(s->matched, 9);
	assert_int_equal(s->row_count, 3);
	assert_int_equal(s->sockets[0].cookie, 7); /* the newest first */
	id = s->sockets[1].id;
	s = ask(&w, (struct query){.of = QUERY_SOCKETS, .sort = "cookie", .follow_id = id});
	assert_int_equal(s->sockets[0].cookie, 1);
	assert_int_equal(s->follow_index, 5);
	s = ask(&w, (struct query){.of = QUERY_SOCKETS, .filter = "local.port = 4003"});
	assert_int_equal(s->matched, 1);
	assert_int_equal(s->sockets[0].cookie, 3);
	s = ask(&w, (struct query){.of = QUERY_SOCKETS, .pid = 101});
	assert_int_equal(s->matched, 5);
	finish(&w);
}

/* Of sockets 1 to 9 by cookie; those of process 101 are the odd ones. */
static const struct snapshot *look(struct world *w, uint32_t from, int8_t step, const char *what)
{
	struct query q = {.of = QUERY_SOCKETS, .sort = "cookie", .find_from = from,
			  .find_step = step, .find_ticket = 7};

	strcpy(q.find, what);
	return ask(w, q);
}

static void test_rows_are_looked_for(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (uint32_t i = 1; i <= 9; i++)
		open_socket(&w, i, 100 + i % 2, T0 + i * S);
	assert_int_equal(look(&w, 1, 0, "process.pid = 101")->found, 2);
	assert_int_equal(w.s->finds, 5);
	assert_int_equal(w.s->matched, 9);
	assert_int_equal(w.s->find_ticket, 7);
	assert_int_equal(look(&w, 2, 0, "process.pid = 101")->found, 2);
	assert_int_equal(look(&w, 2, 1, "process.pid = 101")->found, 4);
	assert_int_equal(look(&w, 2, -1, "process.pid = 101")->found, 0);
	assert_int_equal(look(&w, 8, 1, "process.pid = 101")->found, 0); /* round the end */
	assert_int_equal(look(&w, 0, -1, "process.pid = 101")->found, 8);
	assert_int_equal(look(&w, 0, 1, "process.pid = 300")->found, -1);
	assert_int_equal(ask(&w, (struct query){.of = QUERY_SOCKETS})->found, -1);
	finish(&w);
}

static void test_only_some_rows_and_their_sums(void **state)
{
	struct query q = {.of = QUERY_SOCKETS, .sort = "cookie", .limit = 2,
			  .sums = {"io.written_bytes", "io.read_bytes", "nosuch", "error"}};
	const struct socket_row *sums;
	struct world w;

	(void)state;
	begin(&w);
	for (uint32_t i = 1; i <= 4; i++)
		open_socket(&w, i, 100, T0);
	sums = ask(&w, q)->sums;
	assert_true(sums->io.written_bytes == ROW_ABSENT); /* nobody has told yet */
	for (uint32_t i = 1; i <= 3; i++)
		totals(&w, SOCK_EVENT_TOTALS, i, 100, T0 + S, 1000 * i, 1);
	sums = ask(&w, q)->sums;
	assert_int_equal(w.s->row_count, 2);
	assert_int_equal(sums->io.written_bytes, 6000); /* of all, not of the window */
	assert_int_equal(sums->io.read_bytes, 3);
	assert_true(id_set_turn(&q.only, w.s->sockets[1].id));
	assert_int_equal(ask(&w, q)->matched, 1);
	assert_int_equal(w.s->sockets[0].cookie, 2);
	assert_int_equal(((const struct socket_row *)w.s->sums)->io.written_bytes, 2000);
	finish(&w);
}

static void test_processes_are_sums(void **state)
{
	const struct snapshot *s;
	struct world w;

	(void)state;
	begin(&w);
	open_socket(&w, 1, 100, T0);
	open_socket(&w, 2, 100, T0);
	open_socket(&w, 3, 200, T0);
	totals(&w, SOCK_EVENT_TOTALS, 1, 100, T0 + S, 1000, 10);
	totals(&w, SOCK_EVENT_TOTALS, 2, 100, T0 + S, 500, 20);
	totals(&w, SOCK_EVENT_TOTALS, 3, 200, T0 + S, 7, 0);
	s = ask(&w,
		(struct query){.of = QUERY_PROCESSES, .sort = "written_bytes", .descending = true});
	assert_int_equal(s->row_count, 2);
	assert_int_equal(s->processes[0].process.pid, 100);
	assert_string_equal(s->processes[0].process.name, "prog");
	assert_true(s->processes[0].process.fd == ROW_ABSENT);
	assert_int_equal(s->processes[0].sockets, 2);
	assert_int_equal(s->processes[0].sockets_ever, 2);
	assert_int_equal(s->processes[0].written_bytes, 1500);
	assert_int_equal(s->processes[0].read_bytes, 30);
	assert_int_equal(s->processes[0].written_bps, 12000);
	assert_int_equal(s->processes[0].unread_bytes, 10);
	assert_int_equal(s->processes[0].errors, 2);
	assert_int_equal(s->processes[1].process.pid, 200);
	finish(&w);
}

/* What a process did with sockets that are long gone still counts. */
static void test_closed_sockets_stay_in_the_sums(void **state)
{
	struct engine_options o = {.max_sockets = 64, .resolve_processes = true};
	const struct snapshot *s;
	struct world w = {0};
	struct err e;

	(void)state;
	assert_int_equal(engine_new(&w.en, &o, &e), 0);
	w.en->clock.offset_ns = 0;
	for (uint32_t i = 1; i <= 3; i++) {
		open_socket(&w, i, 4000000, T0);
		totals(&w, SOCK_EVENT_CLOSE, i, 4000000, T0 + S / 10, 100, 0);
	}
	assert_int_equal(ask(&w, (struct query){.of = QUERY_PROCESSES})->processes->written_bytes,
			 300);
	correlator_advance(w.en->correlator, T0 + 60 * S);
	s = ask(&w, (struct query){.of = QUERY_PROCESSES});
	assert_int_equal(s->row_count, 1);
	assert_int_equal(s->processes->written_bytes, 300);
	assert_int_equal(s->processes->sockets_ever, 3);
	assert_int_equal(s->processes->sockets, 0);
	assert_int_equal(s->processes->process.pid, 4000000);
	finish(&w);
}

static void test_field_tables_are_sound(void **state)
{
	unsigned counts[2];
	const struct field *tables[] = {socket_fields(&counts[0]), usage_fields(&counts[1])};
	const struct field *(*const find[])(const char *) = {socket_field_find, usage_field_find};

	(void)state;
	for (int t = 0; t < 2; t++) {
		for (unsigned i = 0; i < counts[t]; i++) {
			const struct field *f = &tables[t][i];

			assert_ptr_equal(find[t](f->name), f);
			assert_true(f->width >= strlen(f->title));
			assert_true(strlen(f->help) > 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_socket_in_full),
		cmocka_unit_test(test_totals_unknown_until_told),
		cmocka_unit_test(test_a_quiet_socket_has_no_rate),
		cmocka_unit_test(test_all_owners_with_their_times),
		cmocka_unit_test(test_unix_names_and_peers),
		cmocka_unit_test(test_each_failed_connect_is_told),
		cmocka_unit_test(test_sorted_cut_and_found),
		cmocka_unit_test(test_rows_are_looked_for),
		cmocka_unit_test(test_only_some_rows_and_their_sums),
		cmocka_unit_test(test_processes_are_sums),
		cmocka_unit_test(test_closed_sockets_stay_in_the_sums),
		cmocka_unit_test(test_field_tables_are_sound),
	};

	return cmocka_run_group_tests_name("flow/snapshot", tests, NULL, NULL);
}
