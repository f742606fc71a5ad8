/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "flow/rows/problem.h"

/* A connection that was as it should be. */
static struct flow_row *good(void)
{
	struct flow_row *r = calloc(1, sizeof(*r));

	r->proto = PROTO_TCP;
	strcpy(r->state, "SF");
	r->closed = true;
	r->src.packets = r->dst.packets = 1000;
	r->icmp_errors = r->dns.unanswered = r->dns.rcode = r->dns.queries = ROW_ABSENT;
	r->src.rtp.lost = r->dst.rtp.lost = ROW_ABSENT;
	return r;
}

static void expect(struct flow_row *r, const char *word)
{
	problem_fill(r);
	assert_string_equal(r->problem, word);
	free(r);
}

static struct flow_row *in_state(const char *state)
{
	struct flow_row *r = good();

	strcpy(r->state, state);
	return r;
}

static void states(void **state)
{
	struct flow_row *r;

	(void)state;
	expect(good(), "");
	expect(in_state("REJ"), "refused");
	expect(in_state("RSTO"), "reset");
	expect(in_state("RSTRH"), "reset");
	expect(in_state("S0"), "no answer");
	r = in_state("S0");
	r->closed = false;
	r->src.packets = 1;
	expect(r, ""); /* it may still come */
	r = in_state("S0");
	r->proto = PROTO_UDP;
	expect(r, ""); /* datagrams need none */
}

static void worst_first(void **state)
{
	struct flow_row *r = in_state("REJ");

	(void)state;
	r->src.tcp[TCP_COUNT_ZERO_WINDOW] = 1;
	expect(r, "refused");
	r = good();
	r->src.tcp[TCP_COUNT_ZERO_WINDOW] = 1;
	r->dst.tcp[TCP_COUNT_RETRANSMISSION] = 50;
	expect(r, "loss");
	r = good();
	r->src.tcp[TCP_COUNT_ZERO_WINDOW] = 1;
	r->dst.tcp[TCP_COUNT_RETRANSMISSION] = 5; /* 1 in 200 */
	expect(r, "window closed");
	r = good();
	r->icmp_errors = 2;
	expect(r, "unreachable");
}

static void names(void **state)
{
	struct flow_row *r = good();

	(void)state;
	r->proto = PROTO_UDP;
	r->dns.queries = 2;
	r->dns.unanswered = 1;
	expect(r, "no dns answer");
	r = good();
	r->dns.rcode = 2; /* SERVFAIL */
	expect(r, "dns error");
	r = good();
	r->dns.rcode = 3; /* NXDOMAIN */
	expect(r, "");
}

static void words_fit(void **state)
{
	unsigned count;
	const struct problem *p = problems(&count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		assert_true(strlen(p[i].word) < sizeof(((struct flow_row *)0)->problem));
		assert_true(*p[i].help);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(worst_first),
		cmocka_unit_test(names),
		cmocka_unit_test(words_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
