/* SPDX-License-Identifier: MIT */
#include "flow/ledger.h"

#include <netinet/in.h>

void ledger_absent(struct ledger_row *l)
{
	*l = (struct ledger_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
}

bool ledger_is_of_one_flow(const struct socket *s)
{
	return s->has_totals && s->remote.port && !s->peers;
}

/*
 * The kernel's bytes_acked counts sequence numbers: the SYN of the side that connects is one more
 * than its bytes, and so is either side's FIN. A FIN cannot be acknowledged before every byte is.
 */
static int64_t acked_bytes(const struct socket *s)
{
	uint64_t acked = s->acked_bytes;

	if (!s->passive && acked)
		acked--;
	if (acked == s->tx_bytes + 1)
		acked--;
	return (int64_t)acked;
}

/* bytes_received counts the peer's FIN in the same way; nobody reads it. */
static int64_t arrived_bytes(const struct socket *s)
{
	uint64_t received = s->received_bytes;

	if (received == s->rx_bytes + s->unread_bytes + 1)
		received--;
	return (int64_t)received;
}

void ledger_fill(struct ledger_row *l, const struct socket *s, const struct flow_end_row *end)
{
	ledger_absent(l);
	l->written = (int64_t)s->tx_bytes;
	l->read = (int64_t)s->rx_bytes;
	if (end->payload_bytes != ROW_ABSENT && end->retransmitted_bytes != ROW_ABSENT)
		l->sent = end->payload_bytes - end->retransmitted_bytes;
	/* An older socket's TCP counters began before ours did: side by side they would not add up.
	 */
	if (s->proto == IPPROTO_TCP && s->birth_ns) {
		l->acked = acked_bytes(s);
		l->arrived = arrived_bytes(s);
	}
}
