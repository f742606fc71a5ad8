/* SPDX-License-Identifier: MIT */
#include "flow/rows/problem.h"

#include <string.h>

/* One retransmission in a long transfer is how TCP works; one segment in a hundred is felt. */
enum { LOSS_LEAST = 3, LOSS_ONE_IN = 100 };

/* Flow after flow is asked: no calls. */
static inline bool is_state(const struct flow_row *r, const char *state)
{
	return r->proto == PROTO_TCP && !memcmp(r->state, state, strlen(state) + 1);
}

static bool is_refused(const struct flow_row *r)
{
	return is_state(r, "REJ");
}

/* ICMP told either end that something does not get through. */
static bool is_unreachable(const struct flow_row *r)
{
	return r->icmp_errors > 0;
}

/* A SYN that has only just been sent may still be answered. */
static bool has_no_answer(const struct flow_row *r)
{
	return is_state(r, "S0") && (r->closed || r->src.packets > 1);
}

/* All states of a reset begin so. */
static bool is_reset(const struct flow_row *r)
{
	return r->proto == PROTO_TCP && !memcmp(r->state, "RST", 3);
}

static bool has_no_dns_answer(const struct flow_row *r)
{
	return r->dns.unanswered > 0 && (r->closed || r->dns.queries > 1);
}

/* RFC 1035 4.1.1: 3 is "no such name", which is an answer. */
static bool is_dns_refused(const struct flow_row *r)
{
	return r->dns.rcode > 0 && r->dns.rcode != 3;
}

static bool end_lost(const struct flow_end_row *end)
{
	int64_t n = end->tcp[TCP_COUNT_RETRANSMISSION];

	return n >= LOSS_LEAST && n * LOSS_ONE_IN >= end->packets;
}

static bool has_loss(const struct flow_row *r)
{
	return end_lost(&r->src) || end_lost(&r->dst) || r->src.rtp.lost > 0 || r->dst.rtp.lost > 0;
}

static bool has_closed_window(const struct flow_row *r)
{
	return r->src.tcp[TCP_COUNT_ZERO_WINDOW] > 0 || r->dst.tcp[TCP_COUNT_ZERO_WINDOW] > 0;
}

static const struct problem rows[] = {
	{"refused", "the responder refused the connection", is_refused},
	{"unreachable", "ICMP said that something does not get through", is_unreachable},
	{"no answer", "asked to connect, never answered", has_no_answer},
	{"reset", "ended by a reset instead of by both ends", is_reset},
	{"no dns answer", "a name was asked for and nobody answered", has_no_dns_answer},
	{"dns error", "the name server answered with an error", is_dns_refused},
	{"loss", "1 segment in 100 or more was sent again, or RTP packets are missing", has_loss},
	{"window closed", "a receiver could take no more for a while", has_closed_window},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

const struct problem *problems(unsigned *count)
{
	*count = ROWS;
	return rows;
}

const struct problem *problem_of(const struct flow_row *row)
{
	for (int i = 0; i < ROWS; i++)
		if (rows[i].is(row))
			return &rows[i];
	return NULL;
}

void problem_fill(struct flow_row *row)
{
	const struct problem *p = problem_of(row);

	row->problem[0] = '\0';
	if (p)
		strcpy(row->problem, p->word);
}
