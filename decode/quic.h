/* SPDX-License-Identifier: MIT
 *
 * QUIC: long headers (RFC 8999, RFC 9000 17.2, RFC 9369) and the client hello inside Initial
 * packets, whose protection keeps nothing secret: its keys come from the packet itself (RFC
 * 9001 5.2). And the hello of Google's QUIC, which came before. Pure, but for the handles that
 * libgcrypt allocates for a packet it decrypts.
 */
#ifndef SOCKLENS_DECODE_QUIC_H
#define SOCKLENS_DECODE_QUIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/app.h"

enum {
	QUIC_CID_MAX = 20,
	QUIC_HELLO_MAX = 8192,	/* a longer client hello tells what lies before */
	QUIC_PACKET_MAX = 4096, /* a longer Initial packet is not decrypted */
	QUIC_VERSION_TEXT_MAX = 12,
};

enum quic_type { QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE, QUIC_RETRY, QUIC_NEGOTIATION };

/* One packet with a long header; the cursors borrow. */
struct quic_packet {
	uint32_t version;
	enum quic_type type;
	struct cursor dcid, scid; /* connection ids: receiver's, sender's */
	struct cursor all;	  /* from the first byte to the end that the length field gives */
	size_t number_at;	  /* Initial: offset of the protected packet number in `all` */
};

/*
 * Take one packet with a long header of a known version from *c, leaving the next one of the
 * datagram. False when there is none.
 */
bool quic_packet(struct cursor *c, struct quic_packet *p);

/* A version that exists to be refused, so that negotiation is practised (RFC 9000 15). */
bool quic_is_reserved(uint32_t version);

/* "v1", "v2", "draft-29", "Q046"; "0x1a2a3a4a" for a version without a name. Returns the length. */
size_t quic_version_text(char out[QUIC_VERSION_TEXT_MAX], uint32_t version);

/* A client hello of which some pieces have come: kept by value while a flow waits for the rest. */
struct quic_hello {
	uint32_t version; /* of the first long header; 0 = none yet */
	uint8_t cid_len;
	bool chlo;			  /* bytes are a message of Google's QUIC, whole */
	uint8_t cid[QUIC_CID_MAX];	  /* of the client's first Initial: its keys */
	uint16_t len;			  /* bytes gathered without a gap */
	uint8_t have[QUIC_HELLO_MAX / 8]; /* bit n: byte n is there */
	uint8_t bytes[QUIC_HELLO_MAX];
};

enum quic_status {
	QUIC_NO,   /* not a datagram of QUIC, or one of short headers */
	QUIC_MORE, /* QUIC; no whole client hello yet */
	QUIC_DONE, /* the hello is whole, or as much as fits is there */
};

void quic_hello_init(struct quic_hello *h);

/* Show one datagram, of either direction. */
enum quic_status quic_hello_feed(struct quic_hello *h, struct cursor datagram);

/* Emit what is known: version, server name, protocols, fingerprints of a whole hello. */
void quic_hello_emit(const struct quic_hello *h, const struct app_sink *sink);

/* The value of a tag ("SNI\0") of the CHLO message in Google's QUIC; bad when absent. */
struct cursor quic_chlo_tag(struct cursor bytes, const char tag[4]);

#endif
