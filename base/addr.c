/* SPDX-License-Identifier: MIT
 *
 * Text form of addresses (RFC 5952) and the few classes that matter (RFC 4291, RFC 1122 3.2.1.3).
 */
#include "base/addr.h"

#include <arpa/inet.h>

#include "base/fmt.h"

enum { GROUPS = 8 };

bool addr_is_any(const struct addr *a)
{
	static const struct addr any6, any4 = {.b = {[10] = 0xff, [11] = 0xff}};

	return addr_eq(a, &any6) || addr_eq(a, &any4);
}

bool addr_is_loopback(const struct addr *a)
{
	static const struct addr loopback6 = {.b = {[15] = 1}};

	return addr_is_v4(a) ? a->b[12] == 127 : addr_eq(a, &loopback6);
}

bool addr_is_multicast(const struct addr *a)
{
	return addr_is_v4(a) ? (a->b[12] & 0xf0) == 0xe0 : a->b[0] == 0xff;
}

static size_t format_v4(char *out, const uint8_t *be)
{
	char *end = out;

	for (int i = 0; i < 4; i++) {
		end = fmt_small(end, be[i]);
		*end++ = '.';
	}
	*--end = '\0'; /* the last dot */
	return (size_t)(end - out);
}

static unsigned group(const struct addr *a, int i)
{
	return (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1];
}

/* The first of the longest runs of two or more zero groups; *length is 0 when there is none. */
static int longest_zero_run(const struct addr *a, int *length)
{
	int best = 0, run = 0;

	*length = 0;
	for (int i = 0; i < GROUPS; i++) {
		run = group(a, i) ? 0 : run + 1;
		if (run >= 2 && run > *length) {
			*length = run;
			best = i + 1 - run;
		}
	}
	return best;
}

/* Lower case, no leading zeros (RFC 5952 4.1, 4.3). */
static size_t format_group(char *out, unsigned v)
{
	size_t len = 0;

	for (int shift = 12; shift >= 0; shift -= 4) {
		if (v >> shift || shift == 0)
			out[len++] = "0123456789abcdef"[v >> shift & 15];
	}
	return len;
}

static size_t format_v6(char *out, const struct addr *a)
{
	int run_length, run = longest_zero_run(a, &run_length);
	size_t len = 0;

	for (int i = 0; i < GROUPS; i++) {
		if (run_length && i == run) {
			out[len++] = ':';
			out[len++] = ':';
			i += run_length - 1;
			continue;
		}
		if (len && out[len - 1] != ':')
			out[len++] = ':';
		len += format_group(out + len, group(a, i));
	}
	out[len] = '\0';
	return len;
}

size_t addr_format(char out[ADDR_TEXT_MAX], const struct addr *a)
{
	return addr_is_v4(a) ? format_v4(out, a->b + 12) : format_v6(out, a);
}

size_t endpoint_format(char out[ENDPOINT_TEXT_MAX], const struct endpoint *e)
{
	bool brackets = !addr_is_v4(&e->addr);
	size_t len = 0;

	if (brackets)
		out[len++] = '[';
	len += addr_format(out + len, &e->addr);
	if (brackets)
		out[len++] = ']';
	out[len++] = ':';
	return len + fmt_u64(out + len, e->port);
}

bool addr_parse(struct addr *a, const char *text)
{
	uint8_t v4[4], v6[16];

	if (inet_pton(AF_INET, text, v4) == 1)
		*a = addr_v4(v4);
	else if (inet_pton(AF_INET6, text, v6) == 1)
		*a = addr_v6(v6);
	else
		return false;
	return true;
}
