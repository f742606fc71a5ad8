/* SPDX-License-Identifier: MIT
 *
 * HPACK (RFC 7541): one header block, the first of its connection. Its dynamic table therefore
 * begins empty and lives no longer than the call.
 */
#ifndef SOCKLENS_DECODE_APP_HPACK_H
#define SOCKLENS_DECODE_APP_HPACK_H

#include <stdbool.h>

#include "base/cursor.h"

typedef void (*hpack_field_fn)(void *ctx, struct cursor name, struct cursor value);

/* Report each field, valid during the call; false when the block is cut, damaged or too large. */
bool hpack_block(struct cursor block, hpack_field_fn fn, void *ctx);

/* Huffman-decode into out[cap]; the length, or -1 for a wrong code or a lack of room. */
long hpack_huffman(struct cursor in, uint8_t *out, size_t cap);

#endif
