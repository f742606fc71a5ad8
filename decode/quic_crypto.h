/* SPDX-License-Identifier: MIT
 *
 * Taking the protection off a client's Initial packet (RFC 9001 5, RFC 9369 3.3).
 */
#ifndef SOCKLENS_DECODE_QUIC_CRYPTO_H
#define SOCKLENS_DECODE_QUIC_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#include "decode/quic.h"

/*
 * Decrypt an Initial packet sent by a client that chose `cid` as its first destination into out[];
 * the length of the plaintext, 0 when it is no such packet (the tag is wrong) or too long.
 */
size_t quic_decrypt(const struct quic_packet *p, const uint8_t *cid, size_t cid_len,
		    uint8_t out[QUIC_PACKET_MAX]);

#endif
