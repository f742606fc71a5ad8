/* SPDX-License-Identifier: MIT
 *
 * Written by hand and not with printf: reports write millions of numbers, and a thread that was
 * sandboxed must not find gmtime opening /etc/localtime.
 */
#include "base/fmt.h"

#include <endian.h>
#include <string.h>

#define NS_PER_S 1000000000LL
#define E9 1000000000ULL

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

/* The digits of what is below a thousand: as they are written, and with zeros in front. */
#define SMALL(digits) {digits, sizeof(digits) - 1},
#define TEN(tens)                                                                                  \
	SMALL(tens "0") SMALL(tens "1") SMALL(tens "2") SMALL(tens "3") SMALL(tens "4")            \
	SMALL(tens "5") SMALL(tens "6") SMALL(tens "7") SMALL(tens "8") SMALL(tens "9")
#define TENS(hundreds)                                                                             \
	TEN(hundreds "1") TEN(hundreds "2") TEN(hundreds "3") TEN(hundreds "4") TEN(hundreds "5")  \
	TEN(hundreds "6") TEN(hundreds "7") TEN(hundreds "8") TEN(hundreds "9")
#define HUNDRED(hundreds) TEN(hundreds "0") TENS(hundreds)
#define HUNDREDS                                                                                   \
	HUNDRED("1") HUNDRED("2") HUNDRED("3") HUNDRED("4") HUNDRED("5")                           \
	HUNDRED("6") HUNDRED("7") HUNDRED("8") HUNDRED("9")
const struct fmt_small fmt_smalls[] = {TEN("") TENS("") HUNDREDS};
static const struct fmt_small three_digits[] = {HUNDRED("0") HUNDREDS};
#undef HUNDREDS
#undef HUNDRED
#undef TENS
#undef TEN
#undef SMALL
_Static_assert(sizeof(fmt_smalls) == FMT_SMALL_END * sizeof(fmt_smalls[0]) &&
		       sizeof(three_digits) == sizeof(fmt_smalls),
	       "each has its digits");

/* Of v < 1000; four bytes are touched, as by all that follow: one more than they have digits. */
static inline char *put_three(char *out, uint32_t v)
{
	memcpy(out, &three_digits[v], sizeof(three_digits[v]));
	return out + 3;
}

static inline char *put_six(char *out, uint32_t v)
{
	return put_three(put_three(out, v / 1000), v % 1000);
}

static inline char *put_nine(char *out, uint32_t v)
{
	return put_six(put_three(out, v / 1000000), v % 1000000);
}

/* 0 < v < 10^9 from the first digit that counts. */
static inline char *put_leading(char *out, uint32_t v)
{
	if (v < 1000000) {
		if (v < 1000)
			return fmt_small(out, v);
		return put_three(fmt_small(out, v / 1000), v % 1000);
	}
	return put_six(fmt_small(out, v / 1000000), v % 1000000);
}

char *fmt_large(char *out, uint64_t v)
{
	if (v < E9)
		return put_leading(out, (uint32_t)v);
	if (v < E9 * E9)
		return put_nine(put_leading(out, (uint32_t)(v / E9)), (uint32_t)(v % E9));
	out = fmt_small(out, (unsigned)(v / (E9 * E9)));
	v %= E9 * E9;
	return put_nine(put_nine(out, (uint32_t)(v / E9)), (uint32_t)(v % E9));
}

/* Exactly n digits of v, zeros in front; no NUL. */
static inline char *put_digits(char *out, unsigned v, unsigned n)
{
	char *p = out + n;

	for (; p - out >= 2; v /= 100) {
		p -= 2;
		memcpy(p, pairs + v % 100 * 2, 2);
	}
	if (p > out)
		*out = (char)('0' + v % 10);
	return out + n;
}

static inline void put_pair(char *out, unsigned v)
{
	memcpy(out, pairs + v * 2, 2);
}

static size_t end_text(char *out, char *end)
{
	*end = '\0';
	return (size_t)(end - out);
}

static char *put_u64(char *out, uint64_t v)
{
	char text[FMT_DIGITS_MAX];
	size_t n = (size_t)(fmt_digits(text, v) - text);

	memcpy(out, text, n);
	return out + n;
}

static char *put_text(char *out, const char *text)
{
	return stpcpy(out, text);
}

size_t fmt_hex(char *out, uint64_t v)
{
	for (int half = 0; half < 2; half++, v <<= 32) {
		uint64_t x = v >> 32, letters;

		/* Its eight nibbles, one a byte, the lowest in the lowest. */
		x = (x | x << 16) & 0x0000ffff0000ffff;
		x = (x | x << 8) & 0x00ff00ff00ff00ff;
		x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f;
		letters = ((x + 0x0606060606060606) >> 4) & 0x0101010101010101;
		x = htobe64(x + 0x3030303030303030 + letters * ('a' - '0' - 10));
		memcpy(out + half * 8, &x, sizeof(x));
	}
	return end_text(out, out + 16);
}

size_t fmt_u64(char *out, uint64_t v)
{
	return end_text(out, put_u64(out, v));
}

/* v / unit rounded to one decimal below ten and to none above; NULL when it reaches `limit`. */
static char *put_scaled(char *out, uint64_t v, uint64_t unit, uint64_t limit)
{
	uint64_t whole = v / unit, rest = v % unit;
	uint64_t tenths = whole < 10 ? whole * 10 + (rest * 10 + unit / 2) / unit : 100;

	if (tenths < 100) {
		out = put_u64(out, tenths / 10);
		*out++ = '.';
		return put_digits(out, (unsigned)(tenths % 10), 1);
	}
	whole += rest >= unit - unit / 2;
	return whole < limit ? put_u64(out, whole) : NULL;
}

static size_t fmt_scaled(char *out, uint64_t v, uint64_t base, const char *plain_suffix,
			 const char *suffixes)
{
	uint64_t unit = base;
	char *p;

	if (v < base)
		return end_text(out, put_text(put_u64(out, v), plain_suffix));
	/* 2^64 is 16 or 18 E: the last suffix never reaches its limit. */
	while (!(p = put_scaled(out, v, unit, base))) {
		unit *= base;
		suffixes++;
	}
	*p++ = *suffixes;
	return end_text(out, p);
}

size_t fmt_count(char *out, uint64_t v)
{
	return fmt_scaled(out, v, 1000, "", "kMGTPE");
}

size_t fmt_bytes(char *out, uint64_t bytes)
{
	return fmt_scaled(out, bytes, 1024, "B", "KMGTPE");
}

size_t fmt_rate(char *out, uint64_t bits_per_s)
{
	return fmt_scaled(out, bits_per_s, 1000, bits_per_s ? "b" : "", "kMGTPE");
}

static const struct time_unit {
	const char *name;
	uint64_t ns;
	unsigned limit; /* here the next unit begins */
} small_units[] = {
	{"us", 1000, 1000},
	{"ms", 1000000, 1000},
	{"s", NS_PER_S, 60},
};

/* Two units, the second with two digits: 2m03s. */
static const struct unit_pair {
	uint64_t minor_ns;
	unsigned per_major, limit; /* limit in majors */
	char major, minor;
} unit_pairs[] = {
	{NS_PER_S, 60, 60, 'm', 's'},
	{60 * NS_PER_S, 60, 24, 'h', 'm'},
	{3600 * NS_PER_S, 24, UINT32_MAX, 'd', 'h'},
};

static char *put_unit_pair(char *out, uint64_t ns)
{
	const struct unit_pair *u = unit_pairs;
	uint64_t minors;

	for (;; u++) {
		minors = (ns + u->minor_ns / 2) / u->minor_ns;
		if (minors / u->per_major < u->limit)
			break;
	}
	out = put_u64(out, minors / u->per_major);
	*out++ = u->major;
	out = put_digits(out, (unsigned)(minors % u->per_major), 2);
	*out++ = u->minor;
	return out;
}

static char *put_duration(char *out, uint64_t ns)
{
	if (ns < 1000)
		return put_text(put_u64(out, ns), "ns");
	for (size_t i = 0; i < sizeof(small_units) / sizeof(small_units[0]); i++) {
		const struct time_unit *u = &small_units[i];

		char *p = put_scaled(out, ns, u->ns, u->limit);

		if (p)
			return put_text(p, u->name);
	}
	return put_unit_pair(out, ns);
}

size_t fmt_duration(char *out, int64_t ns)
{
	char *p = out;

	if (ns < 0)
		*p++ = '-';
	return end_text(out, put_duration(p, ns < 0 ? -(uint64_t)ns : (uint64_t)ns));
}

struct wall {
	int64_t day;	/* since 1970-01-01; negative before */
	unsigned s, ns; /* within the day, within the second */
};

static struct wall split_wall(int64_t wall_ns)
{
	int64_t ns = wall_ns % NS_PER_S, s = wall_ns / NS_PER_S, day;

	if (ns < 0) {
		ns += NS_PER_S;
		s--;
	}
	day = s / 86400 - (s % 86400 < 0);
	return (struct wall){.day = day, .s = (unsigned)(s - day * 86400), .ns = (unsigned)ns};
}

/*
 * The Gregorian calendar repeats every 400 years (146097 days). Years counted from March have
 * their leap day last, so the months before it start at fixed days: (153 m + 2) / 5.
 */
static void put_date(char *out, int64_t day)
{
	unsigned d = (unsigned)(day + 719468); /* days since 0000-03-01; 64-bit ns start in 1677 */
	unsigned era = d / 146097, in_era = d % 146097;
	unsigned year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	unsigned in_year = in_era - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * in_year + 2) / 153; /* 0 is March */
	unsigned first = (153 * month + 2) / 5, shown = era * 400 + year + (month >= 10);

	put_pair(out, shown / 100);
	put_pair(out + 2, shown % 100);
	put_pair(out + 5, month < 10 ? month + 3 : month - 9);
	put_pair(out + 8, in_year - first + 1);
}

static void put_clock(char *out, unsigned s)
{
	put_pair(out, s / 3600);
	put_pair(out + 3, s / 60 % 60);
	put_pair(out + 6, s % 60);
}

/* Into a pattern, so that the pairs wait for nothing. */
size_t fmt_time_rfc3339(char *out, int64_t wall_ns)
{
	static const char pattern[] = "0000-00-00T00:00:00.000000000Z";
	struct wall w = split_wall(wall_ns);

	memcpy(out, pattern, sizeof(pattern));
	put_date(out, w.day);
	put_clock(out + 11, w.s);
	put_nine(out + 20, w.ns);
	memcpy(out + 29, "Z", 2);
	return sizeof(pattern) - 1;
}

size_t fmt_time_of_day(char *out, int64_t wall_ns)
{
	static const char pattern[] = "00:00:00.";
	struct wall w = split_wall(wall_ns);

	memcpy(out, pattern, sizeof(pattern));
	put_clock(out, w.s);
	return end_text(out, put_digits(out + sizeof(pattern) - 1, w.ns / 1000, 6));
}
