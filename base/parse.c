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
	{"", S_NS},	  {"ns", 1},	      {"us", 1000},	   {"ms", 1000000}, {"s", S_NS},
	{"m", 60 * S_NS}, {"h", 3600 * S_NS}, {"d", 86400 * S_NS}, {NULL, 0},
};

static const struct unit sizes[] = {
	{"", 1},	   {"K", 1ULL << 10}, {"M", 1ULL << 20},
	{"G", 1ULL << 30}, {"T", 1ULL << 40}, {NULL, 0},
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

/* n whole units and the digits of a fraction; what is smaller than 1 ns is dropped. */
static bool scale(uint64_t *v, uint64_t n, const char *fraction, uint64_t unit)
{
	if (__builtin_mul_overflow(n, unit, &n))
		return false;
	for (unit /= 10; is_digit(*fraction); fraction++, unit /= 10) {
		if (__builtin_add_overflow(n, (uint64_t)(*fraction - '0') * unit, &n))
			return false;
	}
	*v = n;
	return true;
}

bool parse_duration(int64_t *ns, const char *text)
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
	u = find_unit(durations, text);
	if (!u || !scale(&n, n, fraction, u->size) || n > INT64_MAX)
		return false;
	*ns = (int64_t)n;
	return true;
}

bool parse_bytes(uint64_t *bytes, const char *text)
{
	const struct unit *u;
	uint64_t n;

	if (!take_digits(&n, &text))
		return false;
	u = find_unit(sizes, text);
	return u && scale(bytes, n, "", u->size);
}
