/* SPDX-License-Identifier: MIT
 *
 * The constants of HPACK: static table (RFC 7541 appendix A) and Huffman code (appendix B).
 */
#ifndef SOCKLENS_DECODE_APP_HPACK_TABLES_H
#define SOCKLENS_DECODE_APP_HPACK_TABLES_H

#include <stdint.h>

enum { HPACK_STATIC = 61, HPACK_CODE_BITS_MAX = 30 };

struct hpack_static_field {
	const char *name, *value;
};

extern const struct hpack_static_field hpack_static[HPACK_STATIC]; /* index 1 first */

/*
 * The code is canonical: the number of codes of each length, and the symbols in the order of length, then
 * value, say all. The end-of-string symbol (30 ones, last of all) is left out: it is an error.
 */
extern const uint8_t hpack_code_counts[HPACK_CODE_BITS_MAX + 1];
extern const uint8_t hpack_symbols[256];

#endif
