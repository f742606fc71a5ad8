/* SPDX-License-Identifier: MIT
 *
 * The messages of one direction of a stream of the HTTP family: HTTP/1 (RFC 9112), RTSP (RFC 7826),
 * SIP (RFC 3261). Bytes come in order and in any portions; where bodies end is known without
 * looking at them. Pure, no allocation.
 */
#ifndef SOCKLENS_DECODE_MESSAGE_H
#define SOCKLENS_DECODE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

enum { MESSAGE_LINE_MAX = 64 };

/* Zeroed = the next bytes may be anything: messages are looked for where portions begin. */
struct message {
	uint64_t left;	 /* bytes of the body, or of its chunk */
	uint16_t status; /* of a response; 0 = a request */
	uint8_t state;
	uint8_t line_len;	  /* of a line that spans portions; only its beginning is kept */
	bool http;		  /* of a response: its body may last until the stream ends */
	bool chunked, has_length; /* of the body, by the fields so far */
	bool no_body;
	bool head, tunnel; /* HEAD; CONNECT, or another protocol follows */
	char line[MESSAGE_LINE_MAX]; /* last */
};

struct message_sink {
	/* Its first line is known. For a response: true when it has no body, whatever it says. */
	bool (*begun)(void *ctx, const struct message *m);
	void (*host)(void *ctx, struct cursor name);
	void (*body)(void *ctx, struct cursor piece, bool last);
	void (*ended)(void *ctx, const struct message *m);
	void *ctx; /* each function may be NULL but begun */
};

/* Could a message begin here? */
bool message_begins(struct cursor c);

/* The next bytes. False when what follows is no message any more: a tunnel, or another protocol. */
bool message_feed(struct message *m, struct cursor bytes, const struct message_sink *sink);

/* So many bytes did not come: no matter inside a body, else messages are looked for again. */
void message_gap(struct message *m, uint64_t missing, const struct message_sink *sink);

#endif
