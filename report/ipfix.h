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

#include "report/agent/part.h"

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
	bool bare;	   /* no templates among the records: who sends the messages sends them too */
};

void ipfix_init(struct ipfix *x, uint32_t domain);

/*
 * Add a part of a flow to the message; false when it is full: take it and add the part again. octetDeltaCount
 * and packetDeltaCount are what came since the part before, flowStart is where that one ended, and parts
 * of one flow share their flowId.
 */
bool ipfix_add(struct ipfix *x, const struct part *p);

/* The message is complete: its length, 0 when there is none. Valid until the next ipfix_add. */
size_t ipfix_take(struct ipfix *x);

/* A message of templates alone, in x->message, which is initialised: its length. */
size_t ipfix_templates(struct ipfix *x);

/* What only who sends a message knows: when, how many records were sent before, and for whom. */
void ipfix_stamp(uint8_t *message, uint32_t seconds, uint32_t sequence, uint32_t domain);

#endif
