/* SPDX-License-Identifier: MIT
 *
 * Numbers, sizes, durations and times as people read and write them. Every function writes a
 * NUL-terminated text that fits in FMT_MAX bytes and returns its length; locale plays no part. The
 * parsing half is in parse.c.
 */
#ifndef SOCKLENS_BASE_FMT_H
#define SOCKLENS_BASE_FMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { FMT_MAX = 40 };

size_t fmt_u64(char *out, uint64_t v);		     /* 1234567 */
size_t fmt_hex(char *out, uint64_t v);		     /* 00000000deadbeef: always 16 digits */
size_t fmt_count(char *out, uint64_t v);	     /* 999, 1.2k, 34k, 5.6M: at most 5 columns */
size_t fmt_bytes(char *out, uint64_t bytes);	     /* 999B, 1.2K, 34M, 5.6G (1024): the same */
size_t fmt_rate(char *out, uint64_t bits_per_s);     /* 0, 999b, 1.2k, 34M, 5.6G (1000) */
size_t fmt_duration(char *out, int64_t ns);	     /* 850ns 12us 3.4ms 1.5s 2m03s 4h05m 3d04h */
size_t fmt_time_rfc3339(char *out, int64_t wall_ns); /* 2026-01-02T03:04:05.000000006Z */
size_t fmt_time_of_day(char *out, int64_t wall_ns);  /* 03:04:05.000006, UTC */

/*
 * fmt_u64 for writers with room to spare: the end of the digits, no NUL. Up to FMT_DIGITS_MAX bytes
 * are touched, however few the digits are.
 */
static inline char *fmt_digits(char *out, uint64_t v);
enum { FMT_DIGITS_MAX = 24 };

/* Most numbers are small: their digits are copied as four bytes, however few they are. */
enum { FMT_SMALL_END = 1000 };
extern const struct fmt_small {
	char digits[3];
	uint8_t len;
} fmt_smalls[FMT_SMALL_END];

static inline char *fmt_small(char *out, unsigned v)
{
	memcpy(out, &fmt_smalls[v], sizeof(fmt_smalls[v]));
	return out + fmt_smalls[v].len;
}

char *fmt_large(char *out, uint64_t v); /* v >= FMT_SMALL_END */

static inline char *fmt_digits(char *out, uint64_t v)
{
	return v < FMT_SMALL_END ? fmt_small(out, (unsigned)v) : fmt_large(out, v);
}

/* Whole text must be a decimal number in [0, max]; *v untouched and false otherwise. */
bool parse_u64(uint64_t *v, const char *text, uint64_t max);
/* "250ms", "10s", "5m", "1h", "1.5s"; a bare number is seconds. Result in ns. */
bool parse_duration(int64_t *ns, const char *text);
/* "64K", "2M", "1.5G", "64KiB" (1024), "64kB" (1000), or bytes. */
bool parse_bytes(uint64_t *bytes, const char *text);
/* "1200", "10k", "1.5M" (1000). */
bool parse_count(uint64_t *count, const char *text);
/* "10M", "10Mbit", "10Mbps" (1000), or bits a second. */
bool parse_bitrate(uint64_t *bits_per_s, const char *text);
/* RFC 3339 in UTC, from the day on: "2026-01-02", "2026-01-02T03:04", "2026-01-02T03:04:05.678Z". */
bool parse_time(int64_t *wall_ns, const char *text);
/* "03:04", "03:04:05.678": ns since midnight. */
bool parse_time_of_day(int64_t *ns, const char *text);

#endif
