/* SPDX-License-Identifier: MIT
 *
 * IPFIX messages (RFC 7011) of flows as bidirectional records (RFC 5103), with the process names
 * and ids that ntop's enterprise elements have (PEN 35632), which tshark and pmacct know.
 *
 * An encoder of our own: libfixbuf allocates through GLib, which ends the program when memory is
 * short, and a library room never does that.
 */
#ifndef SOCKLENS_REPORT_IPFIX_H
#define SOCKLENS_REPORT_IPFIX_H

#include <stddef.h>

#include "flow/rows/row.h"

/* A message fits in a datagram of any network; templates are in every so many. */
enum { IPFIX_MESSAGE_MAX = 1420, IPFIX_TEMPLATES_EVERY = 20, IPFIX_RECORD_MAX = 768 };

struct ipfix {
	uint8_t message[IPFIX_MESSAGE_MAX];
	size_t len;	   /* 0 = no message has been begun */
	size_t set;	   /* where the open set begins; 0 = none */
	uint16_t set_id;   /* of the open set */
	uint32_t domain;   /* observation domain */
	uint32_t sequence; /* data records of the messages before this one */
	uint32_t records;  /* of this message */
	uint32_t messages; /* before this one */
	int64_t time_ns;   /* newest of its flows' ends: the export time */
};

void ipfix_init(struct ipfix *x, uint32_t domain);

/* Add a flow to the message; false when it is full: take it and add the flow again. */
bool ipfix_add(struct ipfix *x, const struct flow_row *row);

/* The message is complete: its length, 0 when there is none. Valid until the next ipfix_add. */
size_t ipfix_take(struct ipfix *x);

#endif
