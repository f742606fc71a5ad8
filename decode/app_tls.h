/* SPDX-License-Identifier: MIT
 *
 * The hello messages of TLS, for whatever carries them: TCP records, DTLS datagrams, QUIC's CRYPTO
 * frames, or the middle of another protocol after STARTTLS.
 */
#ifndef SOCKLENS_DECODE_APP_TLS_H
#define SOCKLENS_DECODE_APP_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/app.h"

enum tls_carrier { TLS_OVER_TCP = 't', TLS_OVER_UDP = 'd', TLS_OVER_QUIC = 'q' };

enum {
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_HANDSHAKE_HEADER = 4, /* type (1), length (3) */
	TLS_HELLO_MAX = 16384,	  /* a longer hello is not gathered */
};

/* What a client hello says; the lists are borrowed, and empty when absent. */
struct tls_client_hello {
	uint16_t version; /* legacy_version */
	struct cursor ciphers, extensions;
	struct cursor groups, formats, signatures, versions, alpn, server_name;
	bool has_server_name;
	bool whole; /* nothing was cut or contradictory: fingerprints mean something */
};

/*
 * Emit the facts of a hello's body (what follows the handshake header). A body that was cut tells
 * what it still can; fingerprints need a whole one. False when the bytes are no such hello.
 */
bool tls_client_hello(struct cursor body, enum tls_carrier carrier, const struct app_sink *sink);
bool tls_server_hello(struct cursor body, const struct app_sink *sink);

/* JA3 (MD5 in hex) and JA4 of a whole client hello. */
void tls_fingerprints(const struct tls_client_hello *h, enum tls_carrier carrier,
		      const struct app_sink *sink);

/* "TLSv1.3"; NULL for a number that names no version. */
const char *tls_version_name(uint16_t version);

/* RFC 8701: values that mean nothing, sent to keep servers tolerant. */
static inline bool tls_is_grease(uint16_t v)
{
	return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff);
}

/*
 * For a protocol that has agreed to go on with TLS: `rest` of in->data is what follows the
 * agreement. Never APP_NO: the outer protocol is certain.
 */
enum { TLS_FIRST_BYTE = 22 }; /* of a hello */
enum app_status tls_inside(const struct app_input *in, struct cursor rest,
			   const struct app_sink *sink);

#endif
