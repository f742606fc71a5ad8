/* SPDX-License-Identifier: MIT
 *
 * Numbers as people write them: the parsing half of fmt.h. No sign, no space, no locale.
 */
#include "base/fmt.h"

#include <string.h>

struct unit {
	const char *name;
	uint64_t size;
};

#define S_NS 1000000000ULL

static const struct unit durations[] = {
	{"", S_NS}, {"ns", 1},	      {"us", 1000},	    {"µs", 1000},	 {"ms", 1000000},
	{"s", S_NS}, {"m", 60 * S_NS}, {"h", 3600 * S_NS}, {"d", 86400 * S_NS}, {NULL, 0},
};

/* A letter alone is binary, as fmt_bytes writes it; IEC 80000-13 has names for both. */
static const struct unit sizes[] = {
	{"", 1},	     {"B", 1},		  {"k", 1ULL << 10},
	{"K", 1ULL << 10},   {"M", 1ULL << 20},
	{"G", 1ULL << 30},   {"T", 1ULL << 40},	  {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20},
	{"GiB", 1ULL << 30}, {"TiB", 1ULL << 40}, {"kB", 1000},	       {"KB", 1000},
	{"MB", 1000000},     {"GB", 1000000000},  {"TB", 1000000000000}, {NULL, 0},
};

static const struct unit counts[] = {
	{"", 1}, {"k", 1000}, {"M", 1000000}, {"G", 1000000000}, {NULL, 0},
};

static const struct unit bitrates[] = {
	{"", 1},	  {"b", 1},	     {"k", 1000},	   {"M", 1000000},
	{"G", 1000000000}, {"kbit", 1000},    {"Mbit", 1000000},   {"Gbit", 1000000000},
	{"kbps", 1000},	  {"Mbps", 1000000}, {"Gbps", 1000000000}, {NULL, 0},
};

static const struct unit *find_unit(const struct unit *u, const char *name)
{
	while (u->name && strcmp(u->name, name) != 0)
		u++;
	return u->name ? u : NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* At least one digit; steps over them. */
static bool take_digits(uint64_t *v, const char **text)
{
	uint64_t n = 0;

	if (!is_digit(**text))
		return false;
	for (; is_digit(**text); ++*text) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(**text - '0'), &n))
			return false;
	}
	*v = n;
	return true;
}

bool parse_u64(uint64_t *v, const char *text, uint64_t max)
{
	uint64_t n;

	if (!take_digits(&n, &text) || *text || n > max)
		return false;
	*v = n;
	return true;
}

/* n whole units and a fraction of one, of which nine digits count; less than 1 is dropped. */
static bool scale(uint64_t *v, uint64_t n, const char *fraction, uint64_t unit)
{
	__extension__ typedef unsigned __int128 product;
	uint64_t digits = 0, of = 1;

	if (__builtin_mul_overflow(n, unit, &n))
		return false;
	for (; is_digit(*fraction) && of < 1000000000; fraction++, of *= 10)
		digits = digits * 10 + (uint64_t)(*fraction - '0');
	return !__builtin_add_overflow(n, (uint64_t)((product)digits * unit / of), v);
}

/* Digits, perhaps a fraction, and a unit of the table. */
static bool parse_scaled(uint64_t *v, const char *text, const struct unit *units)
{
	const struct unit *u;
	const char *fraction = "";
	uint64_t n, ignored_digits;

	if (!take_digits(&n, &text))
		return false;
	if (*text == '.') {
		fraction = ++text;
		if (!take_digits(&ignored_digits, &text))
			return false;
	}
	u = find_unit(units, text);
	return u && scale(v, n, fraction, u->size);
}

bool parse_duration(int64_t *ns, const char *text)
{
	uint64_t n;

	if (!parse_scaled(&n, text, durations) || n > INT64_MAX)
		return false;
	*ns = (int64_t)n;
	return true;
}

bool parse_bytes(uint64_t *bytes, const char *text)
{
	return parse_scaled(bytes, text, sizes);
}

bool parse_count(uint64_t *count, const char *text)
{
	return parse_scaled(count, text, counts);
}

bool parse_bitrate(uint64_t *bits_per_s, const char *text)
{
	return parse_scaled(bits_per_s, text, bitrates);
}

/* --- times ------------------------------------------------------------------------------------ */

/* Two digits in [low, high], behind `mark` unless that is 0; steps over them. */
static bool take_two(int *v, const char **text, char mark, int low, int high)
{
	const char *p = *text;
	int n;

	if (mark && *p++ != mark)
		return false;
	if (!is_digit(p[0]) || !is_digit(p[1]))
		return false;
	n = (p[0] - '0') * 10 + p[1] - '0';
	*v = n;
	*text = p + 2;
	return n >= low && n <= high;
}

/* Days from 1970 on, Gregorian calendar. Years start in March here: leap days end them. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2), m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static bool day_exists(int year, int month, int day)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return day <= days[month - 1] + (month == 2 && leap);
}

static bool take_fraction(int64_t *ns, const char **text)
{
	int64_t digit_ns = 100000000;

	*ns = 0;
	if (**text != '.')
		return true;
	if (!is_digit(*++*text))
		return false;
	for (; is_digit(**text); ++*text, digit_ns /= 10)
		*ns += (**text - '0') * digit_ns;
	return true;
}

static bool take_time_of_day(int64_t *ns, const char **text)
{
	int hour, minute, second = 0;
	int64_t fraction_ns = 0;

	if (!take_two(&hour, text, 0, 0, 23) || !take_two(&minute, text, ':', 0, 59))
		return false;
	if (**text == ':' &&
	    (!take_two(&second, text, ':', 0, 60) || !take_fraction(&fraction_ns, text)))
		return false;
	*ns = ((int64_t)hour * 3600 + minute * 60 + second) * (int64_t)S_NS + fraction_ns;
	return true;
}

bool parse_time(int64_t *wall_ns, const char *text)
{
	int century, year, month, day;
	int64_t ns = 0;

	if (!take_two(&century, &text, 0, 19, 21) || !take_two(&year, &text, 0, 0, 99) ||
	    !take_two(&month, &text, '-', 1, 12) || !take_two(&day, &text, '-', 1, 31))
		return false;
	year += century * 100;
	if (!day_exists(year, month, day))
		return false;
	if (*text == 'T' || *text == ' ') {
		text++;
		if (!take_time_of_day(&ns, &text))
			return false;
		text += *text == 'Z';
	}
	if (*text)
		return false;
	*wall_ns = days_of(year, month, day) * 86400 * (int64_t)S_NS + ns;
	return true;
}

bool parse_time_of_day(int64_t *ns, const char *text)
{
	int64_t v;

	if (!take_time_of_day(&v, &text) || *text)
		return false;
	*ns = v;
	return true;
}
