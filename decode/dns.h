/* SPDX-License-Identifier: MIT
 *
 * DNS messages (RFC 1035), for whoever asks what a name's address is or how long an answer took.
 * Pure.
 *
 * A name in text form has no final dot (the root is "."); a dot inside a label is `\.` and a
 * backslash `\\`, every other byte is as on the wire: dns_vis() makes it printable.
 */
#ifndef SOCKLENS_DECODE_DNS_H
#define SOCKLENS_DECODE_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

enum {
	DNS_HEADER = 12,
	DNS_WIRE_MAX = 255,		 /* of a name (RFC 1035 2.3.4) */
	DNS_TEXT_MAX = 2 * DNS_WIRE_MAX, /* each byte escaped */
	DNS_ANSWERS_MAX = 16,
};

enum { DNS_A = 1, DNS_AAAA = 28 };
enum { DNS_RCODE_NXDOMAIN = 3 };

struct dns_name {
	char text[DNS_TEXT_MAX]; /* not NUL-terminated */
	uint16_t len;
};

/* An address of the answer section; dns_name_at() expands whose it is. */
struct dns_answer {
	struct addr addr;
	uint32_t ttl_s;
	uint16_t name_at; /* offset in the message */
};

struct dns_message {
	uint16_t id;
	uint16_t count[4]; /* questions, answers, authorities, additional: as the header says */
	uint16_t flags;	   /* all 16 bits */
	uint8_t opcode, rcode;
	bool response, truncated; /* QR, TC */
	bool whole;		  /* every record was there, and nothing after them */
	uint16_t type, class;	  /* of the first question */
	struct dns_name question; /* the first; len 0 = none, or not readable */
	unsigned answer_count;
	struct dns_answer answers[DNS_ANSWERS_MAX]; /* A and AAAA; more are left out */
};

/*
 * Read one message (without the length that TCP puts before it). False when there is no whole
 * header; what is cut or malformed after it is left out, and `whole` says so.
 */
bool dns_parse(struct cursor message, struct dns_message *out);

/* Only its header: what it sets comes first in the struct, up to `truncated`. Steps over it. */
bool dns_parse_header(struct cursor *c, struct dns_message *out);

/*
 * Read the name at *c, which lies in `message`, and step over it. False, with *out undefined, when
 * it is cut, too long or its pointers do not lead backwards (so that none can loop).
 */
bool dns_name(struct cursor message, struct cursor *c, struct dns_name *out);
bool dns_name_at(struct cursor message, uint16_t offset, struct dns_name *out);

/* Step over one question: its name, type and class. False when it is not whole. */
bool dns_question(struct cursor message, struct cursor *c, struct dns_name *name, uint16_t *type,
		  uint16_t *class);

/* The printable form (base/vis.h) of a name in text form; its escapes stay as they are. */
size_t dns_vis(char *out, size_t cap, const void *text, size_t n);

#endif
