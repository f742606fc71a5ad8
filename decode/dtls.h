/* SPDX-License-Identifier: MIT
 *
 * A DTLS client hello in fragments that came in several datagrams (RFC 6347 4.2.3, RFC 9147 5.5):
 * certificates and post-quantum keys make them long. Pure.
 */
#ifndef SOCKLENS_DECODE_DTLS_H
#define SOCKLENS_DECODE_DTLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/app.h"

enum { DTLS_HELLO_MAX = 4096 }; /* a longer one is not gathered */

/* Zeroed = nothing yet. Kept by value while a flow waits for the rest. */
struct dtls_hello {
	uint16_t len, have; /* of the message; bytes without a gap */
	uint8_t bytes[DTLS_HELLO_MAX];
};

/* Does a client hello begin in this datagram, without all its fragments? */
bool dtls_hello_begins(struct cursor datagram);

/* Show one datagram, of either direction; true when the hello is whole. */
bool dtls_hello_feed(struct dtls_hello *h, struct cursor datagram);

/* Emit what a whole one tells. */
void dtls_hello_emit(const struct dtls_hello *h, const struct app_sink *sink);

#endif
