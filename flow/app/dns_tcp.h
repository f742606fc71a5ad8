/* SPDX-License-Identifier: MIT
 *
 * DNS transactions over TCP (RFC 7766): each message is preceded by its length. Only headers are
 * read.
 */
#ifndef SOCKLENS_FLOW_DNS_TCP_H
#define SOCKLENS_FLOW_DNS_TCP_H

#include "flow/app/dns_flow.h"
#include "flow/tcp/tcp_reader.h"

enum { DNS_TCP_HEAD = 14 }; /* length and header */

struct dns_tcp {
	struct dns_flow flow;
	struct dns_tcp_side {
		struct tcp_reader reader;
		uint16_t left; /* bytes of the message, once the head is there */
		uint8_t have;  /* bytes of the head */
		bool lost;     /* where messages begin is not known any more */
		uint8_t head[DNS_TCP_HEAD];
	} side[2];
};

/* A segment of direction d. */
void dns_tcp_segment(struct dns_tcp *s, int d, const struct packet *p);

#endif
