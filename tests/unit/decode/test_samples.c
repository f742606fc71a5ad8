/* SPDX-License-Identifier: MIT
 *
 * Every sample decodes to what its row says, and every decoder has a sample.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "samples.h"

static void check(const struct sample *s)
{
	struct packet p = sample_decode(s->linktype, s->hex, UINT32_MAX);
	const struct tunnel *t = p.tunnel_count ? &p.tunnel[p.tunnel_count - 1] : NULL;

	print_message("# %s\n", s->name);
	assert_string_equal(packet_other_name(p.other), packet_other_name(s->other));
	assert_int_equal(p.proto, s->proto);
	assert_int_equal(p.has_ports, s->src_port || s->dst_port);
	assert_int_equal(p.src_port, s->src_port);
	assert_int_equal(p.dst_port, s->dst_port);
	assert_int_equal(p.ip_bytes, s->ip_bytes);
	assert_int_equal(p.payload_bytes, s->payload_bytes);
	assert_int_equal(cursor_left(&p.payload), s->payload_bytes);
	assert_int_equal(t ? t->kind : TUNNEL_NONE, s->tunnel);
	assert_int_equal(t ? t->id : 0, s->tunnel_id);
	assert_int_equal(p.vlan_count, s->vlans);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.has_tcp, p.other == PACKET_IN_FLOW && p.proto == PROTO_TCP);
}

static void test_rows(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SAMPLE_COUNT; i++)
		check(&samples[i]);
}

static bool has_sample(const char *decoder)
{
	size_t n = strlen(decoder);

	for (unsigned i = 0; i < SAMPLE_COUNT; i++)
		if (!strncmp(samples[i].name, decoder, n) &&
		    (!samples[i].name[n] || samples[i].name[n] == ' '))
			return true;
	return false;
}

static void test_every_decoder_has_a_sample(void **state)
{
	static const char *const seen_elsewhere[] = {"tcp", "icmp"}; /* in nearly every sample */
	unsigned count;
	const struct decoder *rows = decoders(&count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		bool exempt = false;

		for (unsigned k = 0; k < sizeof(seen_elsewhere) / sizeof(*seen_elsewhere); k++)
			exempt |= !strcmp(rows[i].name, seen_elsewhere[k]);
		if (!exempt && !has_sample(rows[i].name))
			fail_msg("no sample of %s", rows[i].name);
		assert_non_null(rows[i].reference);
		assert_in_range(rows[i].key_count, 1, DECODER_KEYS_MAX);
	}
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PACKET_OTHER_COUNT; i++)
		assert_non_null(packet_other_name(i));
	for (unsigned i = 0; i < ANOMALY_COUNT; i++)
		assert_non_null(packet_anomaly_name(i));
	for (unsigned i = 0; i < TUNNEL_KINDS; i++)
		assert_non_null(tunnel_name(i));
	assert_string_equal(proto_name(PROTO_TCP), "tcp");
	assert_string_equal(proto_name(PROTO_ICMPV6), "icmp6");
	assert_null(proto_name(253));
	assert_null(packet_other_name(PACKET_OTHER_COUNT));
	assert_null(packet_anomaly_name(ANOMALY_COUNT));
	assert_null(tunnel_name(TUNNEL_KINDS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_decoder_has_a_sample),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
