/* SPDX-License-Identifier: MIT
 *
 * Lines written by hand from the flow record's description.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "unit/report/rows.h"

static const struct exporter_options plain = {.utf8 = true};

#define ID_0 "\"id\":\"0000000000000000\","
#define NO_PROCESS "\"process\":{\"match\":\"none\"}"

static void knows_almost_nothing(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	assert_string_equal(flow_text("ndjson", plain, &row),
			    "{\"type\":\"flow\"," ID_0 "\"proto\":\"tcp\",\"ip_version\":4,"
			    "\"src\":{\"ip\":\"192.0.2.1\"," NO_PROCESS "},"
			    "\"dst\":{\"ip\":\"198.51.100.2\"," NO_PROCESS "},"
			    "\"originator\":\"syn\"}\n");
}

/* The counters 0..14 in the order of the record, and missing_bytes. */
#define TCP_0_TO_14                                                                                \
	"\"tcp\":{\"retransmission\":0,\"fast_retransmission\":1,\"spurious_retransmission\":2,"      \
	"\"out_of_order\":3,\"duplicate_ack\":4,\"lost_segment\":5,\"ack_lost_segment\":6,"           \
	"\"zero_window\":7,\"zero_window_probe\":8,\"zero_window_probe_ack\":9,\"window_full\":10,"   \
	"\"window_update\":11,\"keep_alive\":12,\"keep_alive_ack\":13,\"missing_bytes\":14},"

static struct flow_row full_row(void)
{
	struct flow_row row = blank_row();
	struct process_row curl = {.pid = 7, .tid = 8, .uid = 1000, .fd = 5, .netns = 4026531840,
				   .cgroup = 99, .owners = 1, .name = "curl",
				   .exe = "/usr/bin/curl", .cmdline = "curl example.org",
				   .ppid = 6, .parents = "bash[6] sshd[5]", .user = "ann",
				   .cgroup_path = "/docker/0123", .container = "docker:0123",
				   .pod = "0a-1b", .netns_name = "blue", .match = MATCH_EXACT};

	row.id = 0x2a00000001;
	strcpy(row.community_id, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
	row.start_ns = 1767323045000000006;
	row.end_ns = 1767323046000000006;
	row.duration_ns = 1000000000;
	row.src.port = 40000;
	row.src.packets = 5;
	row.src.bytes = 640;
	row.src.ip_bytes = 570;
	row.src.payload_bytes = 300;
	row.src.fragments = 0;
	row.src.retransmitted_bytes = 20;
	row.src.rate_bps = 21;
	for (int i = 0; i < TCP_COUNTERS; i++)
		row.src.tcp[i] = i;
	row.src.missing_bytes = 14;
	row.src.process = curl;
	row.src.ledger = (struct ledger_row){300, 5, 301, 4, 6, 302, 7, 200, 8, 201};
	row.dst.port = 443;
	row.dst.process.match = MATCH_NONE;
	row.dst.process.reason = UNBOUND_REMOTE;
	strcpy(row.state, "SF");
	strcpy(row.history, "ShADadFf");
	strcpy(row.end_reason, "fin");
	row.rtt_ns.handshake = 1;
	row.rtt_ns.min = 2;
	row.rtt_ns.avg = 3;
	row.rtt_ns.max = 4;
	row.rtt_ns.samples = 5;
	row_tell(&row, FACT_DNS, "example.org");
	row_tell(&row, FACT_SNI, "www.example.org");
	row_tell(&row, FACT_TLS_VERSION, "TLSv1.3");
	strcpy(row.app, "tls");
	strcpy(row.interface, "eth0");
	row.vlan_count = 1;
	row.vlan[0] = 10;
	row.tunnel_count = 1;
	row.tunnel[0] = (struct tunnel){.kind = TUNNEL_VXLAN,
					.id = 42,
					.src = addr_v4((const uint8_t[]){203, 0, 113, 1}),
					.dst = addr_v4((const uint8_t[]){203, 0, 113, 2})};
	return row;
}

static const char full_record[] =
	"{\"type\":\"flow\",\"id\":\"0000002a00000001\","
	"\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\",\"proto\":\"tcp\",\"ip_version\":4,"
	"\"start\":\"2026-01-02T03:04:05.000000006Z\",\"start_ns\":1767323045000000006,"
	"\"end_ns\":1767323046000000006,\"duration_ns\":1000000000,"
	"\"src\":{\"ip\":\"192.0.2.1\",\"port\":40000,\"packets\":5,\"bytes\":640,\"ip_bytes\":570,"
	"\"payload_bytes\":300,\"fragments\":0,\"retransmitted_bytes\":20,\"rate_bps\":21," TCP_0_TO_14
	"\"process\":{\"pid\":7,\"tid\":8,\"name\":\"curl\",\"exe\":\"/usr/bin/curl\","
	"\"cmdline\":\"curl example.org\",\"ppid\":6,\"parents\":\"bash[6] sshd[5]\",\"uid\":1000,"
	"\"user\":\"ann\",\"cgroup_id\":99,\"cgroup\":\"/docker/0123\",\"container\":\"docker:0123\","
	"\"pod\":\"0a-1b\",\"netns\":4026531840,\"netns_name\":\"blue\",\"fd\":5,\"owners\":1,\"match\":\"exact\"},"
	"\"ledger\":{\"written_bytes\":300,\"queued_bytes\":5,\"sent_bytes\":301,"
	"\"retransmitted_bytes\":4,\"in_flight_bytes\":6,\"acked_bytes\":302,\"lost_to_reset_bytes\":7,"
	"\"arrived_bytes\":200,\"unread_bytes\":8,\"read_bytes\":201}},"
	"\"dst\":{\"ip\":\"198.51.100.2\",\"port\":443,"
	"\"process\":{\"match\":\"none\",\"reason\":\"remote\"}},"
	"\"originator\":\"syn\",\"state\":\"SF\",\"history\":\"ShADadFf\",\"end_reason\":\"fin\","
	"\"rtt_ns\":{\"handshake\":1,\"min\":2,\"avg\":3,\"max\":4,\"samples\":5},"
	"\"app\":\"tls\",\"interface\":\"eth0\",\"vlan\":[10],"
	"\"tunnel\":[{\"kind\":\"vxlan\",\"id\":42,\"src\":\"203.0.113.1\",\"dst\":\"203.0.113.2\"}],"
	"\"names\":{\"dns\":[\"example.org\"],\"sni\":\"www.example.org\"},\"tls\":{\"version\":\"TLSv1.3\"}}";

static void knows_everything(void **state)
{
	struct flow_row row = full_row();
	char line[sizeof(full_record) + 8];

	(void)state;
	strcpy(stpcpy(line, full_record), "\n");
	assert_string_equal(flow_text("ndjson", plain, &row), line);
	strcpy(stpcpy(line, full_record), ",\n");
	assert_string_equal(flow_text("json", plain, &row), line);
}

static void icmp_has_no_ports_and_no_tcp(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.proto = PROTO_ICMPV6;
	row.ip_version = 6;
	row.src.addr = (struct addr){.b = {0xfe, 0x80, [15] = 1}};
	row.dst.addr = (struct addr){.b = {0xff, 0x02, [15] = 1}};
	row.src.packets = 3;
	row.dst.packets = 0;
	row.originator = ORIGINATOR_FIRST;
	row.icmp_type = 128;
	row.icmp_code = 0;
	row.src.process.reason = row.dst.process.reason = UNBOUND_NO_PORTS;
	assert_string_equal(
		flow_text("ndjson", plain, &row),
		"{\"type\":\"flow\"," ID_0 "\"proto\":\"icmp6\",\"ip_version\":6,"
		"\"src\":{\"ip\":\"fe80::1\",\"packets\":3,"
		"\"process\":{\"match\":\"none\",\"reason\":\"no_ports\"}},"
		"\"dst\":{\"ip\":\"ff02::1\",\"packets\":0,"
		"\"process\":{\"match\":\"none\",\"reason\":\"no_ports\"}},"
		"\"originator\":\"first\",\"icmp\":{\"type\":128,\"code\":0}}\n");
}

static void integers_keep_all_their_digits(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.src.bytes = INT64_MAX;
	row.dst.bytes = INT64_MIN + 1; /* INT64_MIN itself means absent */
	row.src.packets = 9;
	row.dst.packets = 10;
	row.duration_ns = -1;
	assert_string_equal(flow_text("ndjson", plain, &row),
			    "{\"type\":\"flow\"," ID_0 "\"proto\":\"tcp\",\"ip_version\":4,"
			    "\"duration_ns\":-1,"
			    "\"src\":{\"ip\":\"192.0.2.1\",\"packets\":9,"
			    "\"bytes\":9223372036854775807," NO_PROCESS "},"
			    "\"dst\":{\"ip\":\"198.51.100.2\",\"packets\":10,"
			    "\"bytes\":-9223372036854775807," NO_PROCESS "},"
			    "\"originator\":\"syn\"}\n");
}

/* Text is printable before it comes here, so a tab is the four characters \x09. */
static void hostile_names_stay_strings(void **state)
{
	static const struct {
		const char *name, *json;
	} cases[] = {
		{"\"},{\"pid\":1", "\"\\\"},{\\\"pid\\\":1\""},
		{"\\x09tab", "\"\\\\x09tab\""},
		{"ends in \\", "\"ends in \\\\\""},
		{"=cmd|' /C calc'!A0", "\"=cmd|' /C calc'!A0\""},
		{"日本 é €", "\"日本 é €\""},
		{"</script>", "\"</script>\""},
		{"\x1b[31m", "\"\\u001b[31m\""}, /* never expected, yet harmless */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flow_row row = blank_row();
		char want[128];

		strcpy(row.src.process.name, cases[i].name);
		strcpy(stpcpy(stpcpy(want, "\"process\":{\"name\":"), cases[i].json), ",\"match\"");
		assert_non_null(strstr(flow_text("ndjson", plain, &row), want));
	}
}

/* Texts are looked at in words of eight bytes: a quote at each place, in texts of each length. */
static void a_quote_anywhere(void **state)
{
	(void)state;
	for (size_t length = 1; length < ROW_NAME_MAX; length++) {
		for (size_t at = 0; at < length; at++) {
			struct flow_row row = blank_row();
			char want[ROW_NAME_MAX + 32], *w = stpcpy(want, "\"name\":\"");

			memset(row.src.process.name, 'x', length);
			row.src.process.name[at] = at & 1 ? '"' : '\\';
			memcpy(w, row.src.process.name, at);
			w[at] = '\\';
			strcpy(stpcpy(w + at + 1, row.src.process.name + at), "\",");
			assert_non_null(strstr(flow_text("ndjson", plain, &row), want));
		}
	}
}

/* Of texts that are copied by words: every length, and what needs care at every place. */
static void short_texts_of_all_lengths(void **state)
{
	static const struct {
		char c;
		const char *written;
	} odd[] = {{'x', "x"}, {'"', "\\\""}, {'\\', "\\\\"}, {'\x01', "\\u0001"}};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd) * ROW_USER_MAX * ROW_USER_MAX; i++) {
		size_t length = i % ROW_USER_MAX, at = i / ROW_USER_MAX % ROW_USER_MAX;
		struct flow_row row = blank_row();
		char want[ROW_USER_MAX + 32], *w = stpcpy(want, "\"user\":\"");
		size_t kind = i / (ROW_USER_MAX * ROW_USER_MAX);

		if (at >= length)
			continue;
		memset(row.src.process.user, 'y', length);
		row.src.process.user[at] = odd[kind].c;
		memcpy(w, row.src.process.user, at);
		w = stpcpy(w + at, odd[kind].written);
		strcpy(stpcpy(w, row.src.process.user + at + 1), "\",");
		assert_non_null(strstr(flow_text("ndjson", plain, &row), want));
	}
}

/* Those are copied unseen, up to their ends; behind them may be anything. */
static void words_of_ours_of_all_lengths(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	for (size_t length = 1; length < sizeof(row.history); length++) {
		char want[ROW_HISTORY_MAX + 32];

		memset(row.history, '#', sizeof(row.history));
		memset(row.history, 'y', length);
		row.history[length] = '\0';
		strcpy(stpcpy(stpcpy(want, "\"history\":\""), row.history), "\"");
		assert_non_null(strstr(flow_text("ndjson", plain, &row), want));
		memset(row.mptcp_parent, '#', sizeof(row.mptcp_parent));
		memset(row.mptcp_parent, 'z', length % sizeof(row.mptcp_parent));
		row.mptcp_parent[length % sizeof(row.mptcp_parent)] = '\0';
		strcpy(stpcpy(stpcpy(want, "{\"parent\":\""), row.mptcp_parent), "\"}");
		assert_int_equal(!!strstr(flow_text("ndjson", plain, &row), want), !!*row.mptcp_parent);
	}
}

/* An object of integers: nothing known, all zero, one that is not, one that is absent. */
static void objects_of_zeros(void **state)
{
	static const char zeros[] = "\"tcp_sack\":{\"sacked_bytes\":0,\"dsack\":0,\"dsack_bytes\":0,"
				    "\"needless_retransmission\":0}";
	struct flow_row row = blank_row();
	struct sack_row *sack = &row.dst.sack;

	(void)state;
	assert_null(strstr(flow_text("ndjson", plain, &row), "tcp_sack"));
	*sack = (struct sack_row){0};
	assert_non_null(strstr(flow_text("ndjson", plain, &row), zeros));
	sack->dsack_bytes = 12;
	assert_non_null(strstr(flow_text("ndjson", plain, &row), "\"dsack\":0,\"dsack_bytes\":12,"));
	*sack = (struct sack_row){.dsack = ROW_ABSENT};
	assert_non_null(strstr(flow_text("ndjson", plain, &row), "\"sacked_bytes\":0,\"dsack_bytes\":0,"));
	*sack = (struct sack_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, 0};
	assert_non_null(strstr(flow_text("ndjson", plain, &row), "{\"needless_retransmission\":0}"));
	row.src.rtp.lost = -1; /* the only bits that it shares with what is absent */
	assert_non_null(strstr(flow_text("ndjson", plain, &row), "\"rtp\":{\"lost\":-1}"));
}

/* A hint says what is not there to be looked for; without it the same is found. */
static void without_a_socket(void **state)
{
	struct flow_row row = blank_row();
	char told[4096];

	(void)state;
	row.src.process.reason = row.dst.process.reason = UNBOUND_REMOTE;
	strcpy(told, flow_text("ndjson", plain, &row));
	row.src.no_socket = row.dst.no_socket = true;
	assert_string_equal(flow_text("ndjson", plain, &row), told);
}

static void no_trouble(struct flow_end_row *e)
{
	memset(e->tcp, 0, sizeof(e->tcp));
	memset(&e->sack, 0, sizeof(e->sack));
	memset(&e->reordering, 0, sizeof(e->reordering));
	e->missing_bytes = 0;
	e->window.zero_ns = 5;
	e->rtt_ns.samples = 2;
}

/* The same for the hint that nothing odd happened. */
static void of_a_plain_flow(void **state)
{
	struct flow_row row = blank_row();
	char told[8192];

	(void)state;
	no_trouble(&row.src);
	no_trouble(&row.dst);
	row.icmp_errors = 0;
	row.rtt_ns.handshake = 7;
	row.verdict.network_ns = 9;
	strcpy(told, flow_text("ndjson", plain, &row));
	assert_non_null(strstr(told, "\"reordering\":{\"packets\":0,"));
	row.plain = true;
	assert_string_equal(flow_text("ndjson", plain, &row), told);
}

static void several_names_are_an_array(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row_tell(&row, FACT_DNS, "a.example\x1f" "b\\.c.example");
	assert_non_null(strstr(flow_text("ndjson", plain, &row),
			       ",\"names\":{\"dns\":[\"a.example\",\"b\\\\.c.example\"]}}"));
}

static void nested_tunnels(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.vlan_count = 3;
	row.vlan[0] = 1;
	row.vlan[1] = 0;
	row.vlan[2] = 4095;
	row.tunnel_count = 2;
	row.tunnel[0].kind = TUNNEL_IPIP; /* has no id */
	row.tunnel[1].kind = TUNNEL_GTPU;
	row.tunnel[1].id = UINT32_MAX;
	assert_non_null(strstr(
		flow_text("ndjson", plain, &row),
		"\"vlan\":[1,0,4095],\"tunnel\":[{\"kind\":\"ipip\",\"src\":\"::\",\"dst\":\"::\"},"
		"{\"kind\":\"gtpu\",\"id\":4294967295,\"src\":\"::\",\"dst\":\"::\"}]}"));
}

/* The longest record that can be: all text is quotes, all numbers are long. */
static void the_largest_row_fits(void **state)
{
	struct flow_row row = blank_row();
	unsigned count;
	const struct field *f = fields(&count);
	int64_t v = INT64_MIN + 1;

	(void)state;
	for (unsigned i = 0; i < count; i++)
		if (field_is_integer(&f[i]))
			memcpy((char *)&row + f[i].offset, &v, sizeof(v));
	memset(row.texts + 1, 1, sizeof(row.texts) - 2);
	row.fact[FACT_DNS] = 1;
	memset(row.src.process.exe, 1, sizeof(row.src.process.exe) - 1);
	memset(row.dst.process.exe, 1, sizeof(row.dst.process.exe) - 1);
	row.tunnel_count = PACKET_MAX_TUNNELS;
	for (int i = 0; i < PACKET_MAX_TUNNELS; i++) {
		memset(&row.tunnel[i], 0xee, sizeof(row.tunnel[i]));
		row.tunnel[i].kind = TUNNEL_CAPWAP;
	}
	assert_true(strlen(flow_text("ndjson", plain, &row)) > (2 * 255 + ROW_TEXTS_MAX - 2) * 6);
	assert_true(strlen(flow_text("csv", plain, &row)) > 2 * 255 + ROW_TEXTS_MAX - 2);
}

static void a_full_buffer_holds_whole_rows_only(void **state)
{
	struct flow_row row = blank_row();
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	exporter_find("ndjson")->flow(&out, &plain, &row);
	assert_true(out.failed);
	assert_int_equal(out.len, 0);
	buf_done(&out);
}

/* --- the summary ------------------------------------------------------------------------------ */

/* The rooms below name these and may add some; each is there, and zero. */
#define ZERO(id, name, ...) ",\"" name "\":0"
#define ZERO_LOSS(id, name, help) ZERO(id, #name)
static const char others[] = PACKET_OTHER_ROWS(ZERO); /* the first is in_flow: not reported */
static const char anomalies[] = PACKET_ANOMALY_ROWS(ZERO);
static const char losses[] = LOSS_ROWS(ZERO_LOSS);

static void summary_of_nothing(void **state)
{
	struct summary_row sum = blank_summary();
	char want[2048], *w = want;

	(void)state;
	w = stpcpy(w, "{\"type\":\"summary\",\"schema\":1,\"packets\":0,\"flow_packets\":0,"
		      "\"other_packets\":0,\"other\":{");
	w = stpcpy(w, others + strlen(",\"in_flow\":0,"));
	w = stpcpy(stpcpy(w, "},\"anomalies\":{"), anomalies + 1);
	w = stpcpy(w, "},\"bytes\":0,\"flows\":0,\"live_flows\":0,\"loss\":{");
	stpcpy(stpcpy(w, losses + 1), "}}\n");
	assert_string_equal(frame_text("ndjson", plain, &sum), want);
}

static void summary_of_a_run(void **state)
{
	struct summary_row sum = blank_summary();
	const char *text;

	(void)state;
	sum.packets = 12;
	sum.flow_packets = 7;
	sum.other_packets = 5;
	sum.other[PACKET_IN_FLOW] = 7;
	sum.other[PACKET_ARP] = 4;
	sum.other[PACKET_EMPTY] = 1;
	sum.anomalies[ANOMALY_DEPTH] = 2;
	sum.sockets = 0;
	sum.events = 3;
	sum.first_ns = 0;
	sum.last_ns = 1767323045000000006;
	sum.loss.count[LOSS_RING] = 6;
	strcpy(sum.probe, "plan \"n\"");
	text = frame_text("ndjson", plain, &sum);
	assert_non_null(strstr(text, "\"packets\":12,\"flow_packets\":7,\"other_packets\":5,"
				     "\"other\":{\"arp\":4,"));
	assert_non_null(strstr(text, "\"empty\":1,"));
	assert_non_null(strstr(text, "\"depth\":2},"));
	assert_non_null(strstr(text, "\"sockets\":0,\"events\":3,\"first_ns\":0,"
				     "\"last_ns\":1767323045000000006,\"loss\":{\"kernel\":0,"));
	assert_non_null(strstr(text, "\"ring\":6,"));
	assert_non_null(strstr(text, "},\"probe\":\"plan \\\"n\\\"\"}\n"));
	assert_null(strstr(text, "in_flow"));
}

static void json_is_one_array(void **state)
{
	struct summary_row sum = blank_summary();
	const char *text = frame_text("json", plain, &sum);

	(void)state;
	assert_memory_equal(text, "[\n{\"type\":\"summary\",", 20);
	assert_string_equal(text + strlen(text) - 5, "}}\n]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_almost_nothing),
		cmocka_unit_test(knows_everything),
		cmocka_unit_test(icmp_has_no_ports_and_no_tcp),
		cmocka_unit_test(integers_keep_all_their_digits),
		cmocka_unit_test(hostile_names_stay_strings),
		cmocka_unit_test(a_quote_anywhere),
		cmocka_unit_test(short_texts_of_all_lengths),
		cmocka_unit_test(words_of_ours_of_all_lengths),
		cmocka_unit_test(objects_of_zeros),
		cmocka_unit_test(without_a_socket),
		cmocka_unit_test(of_a_plain_flow),
		cmocka_unit_test(several_names_are_an_array),
		cmocka_unit_test(nested_tunnels),
		cmocka_unit_test(the_largest_row_fits),
		cmocka_unit_test(a_full_buffer_holds_whole_rows_only),
		cmocka_unit_test(summary_of_nothing),
		cmocka_unit_test(summary_of_a_run),
		cmocka_unit_test(json_is_one_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
