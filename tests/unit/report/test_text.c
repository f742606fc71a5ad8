/* SPDX-License-Identifier: MIT
 *
 * Tables for people: text and markdown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "unit/report/rows.h"

static const struct exporter_options wide = {.human = true, .utf8 = true, .columns = 200};
static const struct exporter_options pipe_exact = {.utf8 = true};

static struct flow_row curl_row(void)
{
	struct flow_row row = blank_row();

	row.start_ns = 1767323045000000006;
	row.duration_ns = 1500000000;
	row.src.port = 40000;
	row.dst.port = 443;
	row.src.packets = 5;
	row.dst.packets = 1500;
	row.src.bytes = 640;
	row.dst.bytes = 2097152;
	row.src.tcp[TCP_COUNT_RETRANSMISSION] = 1;
	row.dst.tcp[TCP_COUNT_RETRANSMISSION] = 2;
	row.rtt_ns.handshake = 12000000;
	strcpy(row.state, "SF");
	strcpy(row.app, "tls");
	row_tell(&row, FACT_SNI, "example.org");
	strcpy(row.src.process.name, "curl");
	row.src.process.pid = 1234;
	row.src.process.match = MATCH_EXACT;
	row.dst.process.reason = UNBOUND_REMOTE;
	return row;
}

static struct exporter_options columns_of(int n)
{
	struct exporter_options o = wide;

	o.columns = n;
	return o;
}

static void wide_terminal(void **state)
{
	struct flow_row row = curl_row();

	(void)state;
	/* 15 columns need 167 with their gaps; 3 more go round the flexible ones from the left. */
	assert_string_equal(frame_text("text", columns_of(170), NULL),
			    "START           PROTO SOURCE                 DESTINATION            "
			    "SRC PROCESS     DST PROCESS     SENT RECVD STATE     DUR    RTT RETX  "
			    "PKTS APP    NAME\n");
	assert_string_equal(flow_text("text", columns_of(170), &row),
			    "03:04:05.000000 tcp   192.0.2.1:40000        198.51.100.2:443       "
			    "curl/1234       (remote)        640B  2.0M SF       1.5s   12ms    3  "
			    "1.5k tls    example.org\n");
}

/* Names take the place of addresses where somebody reads, unless they are not wanted (-n). */
static void names_of_addresses(void **state)
{
	struct flow_row row = curl_row();
	struct exporter_options o = columns_of(170), exact = pipe_exact;
	char name[ROW_NAME_MAX * 8];

	(void)state;
	row.dst.name = row_put_text(&row, "www.example.org", 15);
	assert_null(strstr(flow_text("text", o, &row), "www.example.org:443"));
	o.names = exact.names = true;
	assert_non_null(strstr(flow_text("text", o, &row), " 192.0.2.1:40000        www.example.org:443 "));
	assert_null(strstr(flow_text("text", exact, &row), "www.example.org:443"));
	memset(name, 'n', sizeof(name));
	row.src.name = row_put_text(&row, name, sizeof(name));
	o.columns = 0;
	assert_non_null(strstr(flow_text("markdown", o, &row), "nnnn:40000"));
}

static void eighty_columns(void **state)
{
	struct flow_row row = curl_row();

	(void)state;
	assert_string_equal(frame_text("text", columns_of(80), NULL),
			    "PROTO SOURCE                 DESTINATION           SRC PROCESS    "
			    "DST PROCESS\n");
	assert_string_equal(flow_text("text", columns_of(80), &row),
			    "tcp   192.0.2.1:40000        198.51.100.2:443      curl/1234      "
			    "(remote)\n");
}

/* Without the padding: one space between words. */
static const char *words_of(const char *text)
{
	static char out[1024];
	char *w = out;

	for (; *text; text++)
		if (*text != ' ' || w == out || w[-1] != ' ')
			*w++ = *text;
	*w = '\0';
	return out;
}

static void exact_for_a_pipe(void **state)
{
	struct flow_row row = curl_row();

	(void)state;
	assert_string_equal(words_of(flow_text("text", pipe_exact, &row)),
			    "2026-01-02T03:04:05.000000006Z tcp 192.0.2.1:40000 198.51.100.2:443 "
			    "curl/1234 (remote) 640 2097152 SF 1500000000 12000000 3 1505 tls "
			    "example.org\n");
}

static void unknown_is_a_dash(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	assert_string_equal(flow_text("text", columns_of(80), &row),
			    "tcp   192.0.2.1              198.51.100.2          -              -\n");
}

static void icmp_tells_its_type(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.proto = PROTO_ICMP;
	row.icmp_type = 3;
	row.icmp_code = 1;
	assert_non_null(strstr(flow_text("text", wide, &row), "icmp  192.0.2.1 "));
	assert_non_null(strstr(flow_text("text", wide, &row), " type 3 code 1\n"));
}

/* "…" is one screen column of three bytes. */
static unsigned screen_width(const char *line)
{
	unsigned n = 0;

	for (; *line != '\n'; line++)
		n += ((unsigned char)*line & 0xc0) != 0x80;
	return n;
}

static void long_ends_lose_their_middle(void **state)
{
	struct flow_row row = curl_row();
	struct exporter_options ascii = columns_of(80);
	const char *text;

	(void)state;
	memset(row.src.addr.b, 0xab, 16);
	memset(row.dst.addr.b, 0xcd, 16);
	strcpy(row.src.process.name, "a-very-long-name");
	text = flow_text("text", columns_of(80), &row);
	assert_string_equal(text, "tcp   [abab:abab:…bab]:40000 [cdcd:cdcd…:cdcd]:443 "
				  "a-very-…e/1234 (remote)\n");
	ascii.utf8 = false;
	text = flow_text("text", ascii, &row);
	assert_non_null(strstr(text, "a-very-~"));
	for (int n = 9; n < 260; n++)
		assert_true(screen_width(flow_text("text", columns_of(n), &row)) <= (unsigned)n);
}

static void a_pipe_loses_nothing(void **state)
{
	struct flow_row row = curl_row();
	const char *text;

	(void)state;
	memset(row.src.addr.b, 0xab, 16);
	text = flow_text("text", pipe_exact, &row);
	assert_non_null(strstr(text, " [abab:abab:abab:abab:abab:abab:abab:abab]:40000 198.51.100.2"));
}

static void ascii_terminal_gets_ascii(void **state)
{
	struct exporter_options ascii = wide;
	struct flow_row row = curl_row();

	(void)state;
	ascii.utf8 = false;
	strcpy(row.src.process.name, "né");
	assert_non_null(strstr(flow_text("text", wide, &row), " né/1234 "));
	assert_non_null(strstr(flow_text("text", ascii, &row), " n\\xc3\\xa9/1234 "));
}

static void weak_match_is_marked(void **state)
{
	struct flow_row row = curl_row();

	(void)state;
	row.src.process.match = MATCH_WILDCARD;
	assert_non_null(strstr(flow_text("text", wide, &row), " ~curl/1234 "));
}

static void says_no_flows(void **state)
{
	struct summary_row sum = blank_summary();
	const char *text = frame_text("text", columns_of(80), &sum);

	(void)state;
	assert_string_equal(strchr(text, '\n') + 1,
			    "no flows\n\n0 flows, 0 packets, 0B\n");
}

static void totals_and_losses(void **state)
{
	struct summary_row sum = blank_summary();
	struct exporter_options exact = pipe_exact;

	(void)state;
	sum.flows = 1;
	sum.packets = 12;
	sum.bytes = 2048;
	sum.first_ns = 1000000000;
	sum.last_ns = 2500000000;
	sum.other[PACKET_IN_FLOW] = 7;
	sum.other[PACKET_ARP] = 4;
	sum.other[PACKET_MALFORMED] = 1;
	sum.loss.count[LOSS_KERNEL] = 3;
	sum.loss.count[LOSS_RING] = 1;
	sum.anomalies[ANOMALY_IP_CHECKSUM] = 2;
	strcpy(sum.probe, "no privileges");
	assert_string_equal(strchr(frame_text("text", wide, &sum), '\n') + 1,
			    "\n1 flow, 12 packets, 2.0K in 1.5s; in no flow: 4 arp, 1 malformed\n"
			    "lost: 3 kernel, 1 ring\n"
			    "anomalies: 2 ip_checksum\n"
			    "probe: no privileges\n");
	assert_non_null(strstr(frame_text("text", exact, &sum), "2048 bytes in 1500000000 ns;"));
}

static void markdown_escapes(void **state)
{
	struct flow_row row = curl_row();
	struct summary_row sum = blank_summary();

	(void)state;
	strcpy(row.src.process.name, "a|b");
	row_tell(&row, FACT_SNI, "<img src=x>[y](z)\\x09");
	assert_string_equal(flow_text("markdown", wide, &row),
			    "| 03:04:05.000000 | tcp | 192.0.2.1:40000 | 198.51.100.2:443 "
			    "| a\\|b/1234 | (remote) | 640B | 2.0M | SF | 1.5s | 12ms | 3 | 1.5k "
			    "| tls | \\<img src=x\\>\\[y\\](z)\\\\x09 |\n");
	assert_string_equal(frame_text("markdown", wide, &sum),
			    "| START | PROTO | SOURCE | DESTINATION | SRC PROCESS | DST PROCESS "
			    "| SENT | RECVD | STATE | DUR | RTT | RETX | PKTS | APP | NAME |\n"
			    "|---|---|---|---|---|---|---:|---:|---|---:|---:|---:|---:|---|---|\n"
			    "\nNo flows.\n\n- 0 flows, 0 packets, 0B\n");
}

static void exporters_are_found_by_name(void **state)
{
	unsigned count;
	const struct exporter *e = exporters(&count);

	(void)state;
	assert_true(count >= 10); /* one more where SQLite is */
	for (unsigned i = 0; i < count; i++) {
		assert_ptr_equal(exporter_find(e[i].name), &e[i]);
		assert_non_null(e[i].begin);
		assert_non_null(e[i].flow);
		assert_non_null(e[i].end);
	}
	assert_null(exporter_find("xml"));
	assert_null(exporter_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wide_terminal),
		cmocka_unit_test(names_of_addresses),
		cmocka_unit_test(eighty_columns),
		cmocka_unit_test(exact_for_a_pipe),
		cmocka_unit_test(unknown_is_a_dash),
		cmocka_unit_test(icmp_tells_its_type),
		cmocka_unit_test(long_ends_lose_their_middle),
		cmocka_unit_test(a_pipe_loses_nothing),
		cmocka_unit_test(ascii_terminal_gets_ascii),
		cmocka_unit_test(weak_match_is_marked),
		cmocka_unit_test(says_no_flows),
		cmocka_unit_test(totals_and_losses),
		cmocka_unit_test(markdown_escapes),
		cmocka_unit_test(exporters_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
