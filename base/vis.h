/* SPDX-License-Identifier: MIT
 *
 * Text from the wire, from /proc or from a process name, made printable before it reaches a
 * terminal, a log or a report.
 *
 * C0, DEL, C1, U+200B-200F, U+202A-202E, U+2066-2069, U+FEFF and invalid UTF-8 become \xNN byte by
 * byte, and \ becomes \\: reversible.
 */
#ifndef SOCKLENS_BASE_VIS_H
#define SOCKLENS_BASE_VIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest output for n input bytes, without the NUL. */
#define VIS_MAX(n) ((n)*4)

/*
 * Write the printable form of in[0..n) and a NUL into out[cap] (cap >= 1). Output that does not
 * fit is cut at a whole unit (never inside an escape or a character). Returns the length written.
 */
size_t vis(char *out, size_t cap, const void *in, size_t n);

/* The same for a NUL-terminated string, or a fixed field that may lack its NUL. */
size_t vis_str(char *out, size_t cap, const char *in, size_t max);

/* Undo vis(): the number of bytes written to out[cap]; -1 for a wrong escape or a lack of room. */
long unvis(void *out, size_t cap, const char *in);

/*
 * Decode one UTF-8 character of in[0..n): its length in bytes (1..4) and *cp, or 0 when the bytes
 * are no valid UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
 */
unsigned utf8_decode(const uint8_t *in, size_t n, uint32_t *cp);

#endif
