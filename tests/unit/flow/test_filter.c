/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/rows/filter.h"
#include "flow/rows/socket_row.h"

/* A row that knows nothing. */
static struct flow_row blank_row(void)
{
	struct flow_row row = {0};
	unsigned count;
	const struct field *f = fields(&count);
	int64_t absent = ROW_ABSENT;

	row_clear_texts(&row);
	for (unsigned i = 0; i < count; i++)
		if (field_is_integer(&f[i]) || f[i].type == FIELD_TIME)
			memcpy((char *)&row + f[i].offset, &absent, sizeof(absent));
	return row;
}

static uint16_t put(struct flow_row *row, const char *text)
{
	return row_put_text(row, text, strlen(text));
}

/* curl fetches https://www.example.org/ through a VPN. */
static struct flow_row web_row(void)
{
	struct flow_row row = blank_row();

	row.id = 0xdeadbeef;
	row.proto = PROTO_TCP;
	row.ip_version = 4;
	row.start_ns = 1767323045000000006; /* 2026-01-02T03:04:05.000000006Z */
	row.duration_ns = 1500000000;
	addr_parse(&row.src.addr, "192.0.2.1");
	addr_parse(&row.dst.addr, "198.51.100.2");
	row.src.port = 40000;
	row.dst.port = 443;
	row.src.bytes = 1000;
	row.dst.bytes = 65000;
	row.src.tcp[TCP_COUNT_RETRANSMISSION] = 2;
	row.dst.tcp[TCP_COUNT_RETRANSMISSION] = 1;
	row.rtt_ns.handshake = 20000000;
	row.src.process.pid = 4711;
	strcpy(row.src.process.name, "curl");
	strcpy(row.src.process.exe, "/usr/bin/curl");
	row.src.process.match = MATCH_EXACT;
	row.dst.process.reason = UNBOUND_REMOTE;
	strcpy(row.state, "SF");
	strcpy(row.app, "tls");
	row.originator = ORIGINATOR_SYN;
	row.dst.name = put(&row, "www.example.org");
	row.fact[FACT_SNI] = put(&row, "www.example.org");
	row.fact[FACT_HTTP_STATUS] = put(&row, "404");
	row.fact[FACT_ALPN] = put(&row, "h2");
	row_more_text(&row, FIELD_LIST_SEPARATOR, "http/1.1", 8);
	row.vlan_count = 2;
	row.vlan[0] = 10;
	row.vlan[1] = 20;
	row.tunnel_count = 1;
	row.tunnel[0] = (struct tunnel){.kind = TUNNEL_VXLAN, .id = 42};
	return row;
}

static bool holds(const char *text, const struct flow_row *row)
{
	struct filter *f;
	struct err e = {""};
	size_t at;
	bool yes;

	if (filter_compile(&f, &flow_filter_table, text, &at, &e) < 0)
		fail_msg("%s: %s", text, e.text);
	yes = filter_holds(f, row);
	filter_free(f);
	return yes;
}

static const char *const true_of_web[] = {
	"", "  ",
	/* comparisons by type */
	"dst.port = 443", "dst_port = 443", "dport == 443", "src.port > 1k", "port <= 443",
	"src.bytes >= 1000", "not src.bytes > 1000", "src.bytes <= 1000", "not src.bytes < 1000",
	"src.bytes < 1KiB", "dst.bytes > 63K", "dst.bytes = 65kB",
	"duration > 1s", "dur <= 1.5s", "duration_ns = 1500ms", "duration < 2m", "rtt = 20ms",
	"proto = tcp", "proto = TCP", "proto = 6", "ip_version = 4", "id = 00000000deadbeef",
	"start > 2026-01-02", "start < 2026-01-02T03:04:05.1Z", "start = 2026-01-02T03:04:05.000000006",
	"src.process.match = exact", "reason = remote", "originator = syn", "state = sf",
	/* addresses */
	"src.ip = 192.0.2.1", "dst in 198.51.100.0/24", "ip in 198.51.0.0/16,10.0.0.0/8",
	"ip = ::ffff:192.0.2.1", "dst.ip in 0.0.0.0/0", "src.ip ~ ^192\\.", "ip in 192.0.2.0/31",
	/* absent is neither equal nor different */
	"not rtt_ns.avg = 1ms", "not rtt_ns.avg != 1ms", "not dst.process.pid < 1", "not has mptcp.token",
	"has rtt", "has sni", "has alpn and not has ja4",
	/* several fields of one name */
	"port = 40000", "bytes = 66000", "bytes > 64.4k", "retx = 3", "port != 80", "not port != 443",
	"host = www.example.org", "host in 192.0.2.0/24", "host = 198.51.100.2", "process != nginx",
	/* lists of values */
	"port in 80,443", "port in (80, 443)", "port in 400..500", "not port in 80,8080",
	"port not in 80,8080", "dst.port = 80,443", "state in (S1, SF)", "dst.port != 80,8080",
	/* texts */
	"process = curl", "exe ~ /curl$", "sni ~ (^|\\.)example\\.org$", "sni ~ EXAMPLE",
	"not sni ~ (?-i)EXAMPLE", "sni !~ ^mail", "alpn = h2", "alpn = http/1.1", "alpn ~ ^http/1",
	"status >= 400", "status = 404", "not status < 400", "sni = \"www.example.org\"",
	"app ~ 'tls|ssl'", "app ~ (tls|ssl)", "vlan = 20", "vlan in 5,10", "tunnel = vxlan", "tunnel = 42",
	/* bare words */
	"curl", "CUR", "example.org", "192.0.2.1", "192.0.2", "198.51.100.0/24", "443", "4711", "tls",
	"tcp", "not udp", "curl 443", "curl and not 80", "\"example\"", "not 6", "not 44",
	/* and, or, not */
	"port = 80 or port = 443", "not (port = 80 or port = 22)", "not port = 80 and not port = 22",
	"curl && (80 || 443)", "!(port=80)", "proto=tcp and(port=443)", "NOT udp AND tcp",
	"port = 80 and port = 22 or tcp", "tcp or port = 80 and port = 22", "not not tcp",
};

static void what_holds_and_what_does_not(void **state)
{
	struct flow_row row = web_row();
	char opposite[256];

	(void)state;
	for (size_t i = 0; i < sizeof(true_of_web) / sizeof(true_of_web[0]); i++) {
		if (!holds(true_of_web[i], &row))
			fail_msg("%s should hold", true_of_web[i]);
		if (!true_of_web[i][strspn(true_of_web[i], " ")])
			continue;
		snprintf(opposite, sizeof(opposite), "not (%s)", true_of_web[i]);
		if (holds(opposite, &row))
			fail_msg("%s should not hold", opposite);
	}
}

/* Another table, whose addresses are texts. */
static void sockets_and_processes(void **state)
{
	static const char *const expressions[] = {
		"local.ip in 10.0.0.0/8", "10.0.0.0/8", "10.1", "port = 53", "dnsmasq", "pid = 77",
		"unread > 1KiB", "state = bound", "proto = udp", "not ip in 192.168.0.0/16",
	};
	struct socket_row row = {.io = {.written_bytes = ROW_ABSENT}, .queue = {.unread_bytes = 4096}};
	struct filter *f;

	(void)state;
	strcpy(row.local.ip, "10.1.2.3");
	row.local.port = 53;
	row.remote.port = ROW_ABSENT;
	strcpy(row.process.name, "dnsmasq");
	row.process.pid = 77;
	strcpy(row.state, "bound");
	strcpy(row.proto, "udp");
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		assert_int_equal(filter_compile(&f, &socket_filter_table, expressions[i], NULL, NULL), 0);
		if (!filter_holds(f, &row))
			fail_msg("%s should hold", expressions[i]);
		filter_free(f);
	}
	assert_int_equal(filter_compile(&f, &process_filter_table, "sockets > 3 chrome", NULL, NULL), 0);
	filter_free(f);
}

static void ends_of_numbers(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.start_ns = INT64_MAX;
	row.src.rtp.lost = -3;
	assert_true(holds("start_ns = 9223372036854775807", &row));
	assert_false(holds("start_ns > 9223372036854775807", &row));
	assert_true(holds("start_ns >= 9223372036854775807", &row));
	assert_true(holds("src.rtp.lost = -3", &row));
	assert_true(holds("src.rtp.lost < -2", &row));
	assert_true(holds("src.rtp.lost in -5..-1", &row));
	/* the absent value is the smallest of all, and still no number */
	assert_false(holds("end_ns < -9223372036854775807", &row));
	assert_false(holds("end_ns <= 0", &row));
	row.src.bytes = row.dst.bytes = INT64_MAX;
	assert_true(holds("bytes > 1T", &row)); /* a sum that does not fit is large */
}

/* Text, place of the fault, a word of the reason. */
static const struct {
	const char *text;
	size_t at;
	const char *reason;
} wrong[] = {
	{"sttate = SF", 0, "did you mean state?"},
	{"tcp and dst.prot = 443", 8, "did you mean dst.port?"},
	{"qqqqqqqq = 1", 0, "socklens list fields"},
	{"dst.port = http", 11, "give a number"},
	{"rtt > 5", 6, "with its unit"},
	{"src.bytes > 5 parsecs and", 25, "missing here"},
	{"src.bytes > 5parsecs", 12, "give a size"},
	{"src.ip = 300.1.1.1", 9, "give an address"},
	{"ip in 10.0.0.0/33", 6, "give an address"},
	{"ip < 10.0.0.1", 5, "no order"},
	{"proto = tpc", 8, "give a protocol"},
	{"proto < udp", 8, "no order"},
	{"src.process.match = exat", 20, "exact"},
	{"start > yesterday", 8, "2026-"},
	{"start > 2026-02-29", 8, "2026-"},
	{"(tcp", 0, "never closed"},
	{"tcp)", 3, "no ( for this"},
	{"tcp and", 7, "missing"},
	{"and tcp", 0, "missing"},
	{"port =", 6, "value is missing"},
	{"port in 80,", 11, "value is missing"},
	{"port in (80 443)", 12, "comma"},
	{"sni = \"abc", 6, "never closed"},
	{"sni ~ a[b", 9, "regular expression"},
	{"sni ~ \"(\"", 8, "regular expression"},
	{"port ~ 44", 7, "number"},
	{"has", 3, "missing"},
	{"has nothing_like_this", 4, "no field"},
	{"tcp & udp", 4, "and is &&"},
	{"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 = 1", 0, "no field"},
	{"state = in", 8, "value is missing"},
};

static void faults_name_place_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct filter *f = NULL;
		struct err e = {""};
		size_t at = 999;

		assert_int_equal(filter_compile(&f, &flow_filter_table, wrong[i].text, &at, &e), -22);
		assert_null(f);
		if (at != wrong[i].at || !strstr(e.text, wrong[i].reason))
			fail_msg("%s: at %zu: %s", wrong[i].text, at, e.text);
	}
}

static void bounds_on_what_is_written(void **state)
{
	struct filter *f;
	struct err e;
	static char text[3 * FILTER_LENGTH_MAX];

	(void)state;
	memset(text, '(', 1000);
	text[1000] = '\0';
	assert_int_equal(filter_compile(&f, &flow_filter_table, text, NULL, &e), -22);
	assert_non_null(strstr(e.text, "in one another"));
	memset(text, 'a', sizeof(text) - 1);
	assert_int_equal(filter_compile(&f, &flow_filter_table, text, NULL, &e), -22);
	assert_non_null(strstr(e.text, "longer"));
	strcpy(text, "port in 1");
	for (int i = 0; i < 64; i++)
		strcat(text, ",1");
	assert_int_equal(filter_compile(&f, &flow_filter_table, text, NULL, &e), -22);
	assert_non_null(strstr(e.text, "64 values"));
}

static void a_pattern_that_explodes_is_given_up(void **state)
{
	struct flow_row row = blank_row();
	struct filter *f;

	(void)state;
	row.fact[FACT_SNI] = put(&row, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	assert_int_equal(filter_compile(&f, &flow_filter_table, "sni ~ ^(a+)+$", NULL, NULL), 0);
	assert_false(filter_holds(f, &row));
	assert_int_equal(filter_gave_up(f), 1);
	filter_free(f);
}

/* --- properties ------------------------------------------------------------------------------- */

static uint64_t random_state;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void a_cell_filters_its_own_row(void **state)
{
	struct flow_row web = web_row(), blank = blank_row();
	unsigned count, made = 0;
	const struct field *f = fields(&count);
	char text[4096];

	(void)state;
	strcpy(web.src.process.name, "a\"b\\\\c \x7f and (");
	for (unsigned i = 0; i < count; i++) {
		size_t n = filter_of_cell(text, sizeof(text), &f[i], &web);

		assert_int_equal(n > 0, field_present(&f[i], &web));
		if (n && !holds(text, &web))
			fail_msg("%s should hold", text);
		if (n && !field_present(&f[i], &blank) && holds(text, &blank))
			fail_msg("%s should not hold of a blank row", text);
		made += n > 0;
		assert_int_equal(filter_of_cell(text, 3, &f[i], &web), 0);
	}
	assert_true(made > 20);
}

/* Write a random expression and say whether it holds: every leaf's truth is chosen first. */
static bool write_random(char **w, int depth)
{
	static const char *const leaves[2][4] = {
		{"port = 80", "udp", "rtt > 1m", "sni ~ ^mail"},
		{"dport=443", "curl", "has sni", "bytes >= 64KiB"},
	};
	uint64_t r = next_random();
	bool a, b;

	if (depth == 0 || r % 5 == 0) {
		*w = stpcpy(*w, leaves[r >> 8 & 1][r >> 16 & 3]);
		return r >> 8 & 1;
	}
	if (r % 5 == 1) {
		*w = stpcpy(*w, r & 64 ? "not (" : "!(");
		a = write_random(w, depth - 1);
		*w = stpcpy(*w, ")");
		return !a;
	}
	*w = stpcpy(*w, "(");
	a = write_random(w, depth - 1);
	*w = stpcpy(*w, r & 128 ? ") or (" : r & 64 ? ") and (" : ")(");
	b = write_random(w, depth - 1);
	*w = stpcpy(*w, ")");
	return r & 128 ? a || b : a && b;
}

static void random_expressions(void **state)
{
	struct flow_row row = web_row();
	char text[8192], *w;
	unsigned yes = 0;

	(void)state;
	random_state = 0x5eed;
	for (int i = 0; i < 2000; i++) {
		bool truth;

		w = text;
		truth = write_random(&w, 5);
		if (w - text > FILTER_LENGTH_MAX)
			continue;
		if (holds(text, &row) != truth)
			fail_msg("%s should%s hold", text, truth ? "" : " not");
		yes += truth;
	}
	assert_true(yes > 500 && yes < 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_holds_and_what_does_not),
		cmocka_unit_test(sockets_and_processes),
		cmocka_unit_test(ends_of_numbers),
		cmocka_unit_test(faults_name_place_and_remedy),
		cmocka_unit_test(bounds_on_what_is_written),
		cmocka_unit_test(a_pattern_that_explodes_is_given_up),
		cmocka_unit_test(a_cell_filters_its_own_row),
		cmocka_unit_test(random_expressions),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
