/* SPDX-License-Identifier: MIT
 *
 * DNS transactions of a datagram flow (RFC 1035 4.1.1): a query waits for the response with its id. A query that is
 * sent again with the same id is the same transaction, timed from the first.
 *
 * Few ids wait at a time; when there are more, the oldest is given up as unanswered.
 */
#ifndef SOCKLENS_FLOW_DNS_FLOW_H
#define SOCKLENS_FLOW_DNS_FLOW_H

#include <stdint.h>

#include "base/cursor.h"

enum { DNS_WAITING = 8 };

struct dns_flow {
	int64_t asked_ns[DNS_WAITING]; /* of the ids, oldest first */
	uint16_t id[DNS_WAITING];
	uint8_t waiting;
	uint8_t rcode;		    /* of the last response */
	uint32_t queries, answers;  /* messages */
	uint32_t given_up, matched; /* transactions */
	int64_t delay_min_ns, delay_max_ns, delay_sum_ns; /* of those matched */
};

/* One datagram. What has no header of DNS is ignored. */
void dns_flow_message(struct dns_flow *d, struct cursor message, int64_t time_ns);

/* Transactions without an answer so far. */
static inline uint32_t dns_flow_unanswered(const struct dns_flow *d)
{
	return d->given_up + d->waiting;
}

#endif
