/* SPDX-License-Identifier: MIT
 *
 * Network addresses. IPv4 is kept as v4-mapped IPv6 (RFC 4291 2.5.5.2), so that a native and a
 * mapped socket, and the frames of either, share one key.
 */
#ifndef SOCKLENS_BASE_ADDR_H
#define SOCKLENS_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ADDR_TEXT_MAX = 46, ENDPOINT_TEXT_MAX = 54 };

struct addr {
	uint8_t b[16]; /* network order */
};

struct endpoint {
	struct addr addr;
	uint16_t port; /* host order */
};

static inline struct addr addr_v4(const uint8_t be[4])
{
	struct addr a = {.b = {[10] = 0xff, [11] = 0xff}};

	memcpy(a.b + 12, be, 4);
	return a;
}

static inline struct addr addr_v6(const uint8_t be[16])
{
	struct addr a;

	memcpy(a.b, be, 16);
	return a;
}

static inline bool addr_is_v4(const struct addr *a)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(a->b, prefix, sizeof(prefix)) == 0;
}

static inline int addr_cmp(const struct addr *a, const struct addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}

static inline bool addr_eq(const struct addr *a, const struct addr *b)
{
	return addr_cmp(a, b) == 0;
}

/* 0.0.0.0 or ::, what an unbound or listening socket holds. */
bool addr_is_any(const struct addr *a);
bool addr_is_loopback(const struct addr *a);
bool addr_is_multicast(const struct addr *a);

/* Text form (RFC 5952; dotted for v4) into out[ADDR_TEXT_MAX]; returns its length. */
size_t addr_format(char out[ADDR_TEXT_MAX], const struct addr *a);

/* "192.0.2.1:80" or "[2001:db8::1]:80" into out[ENDPOINT_TEXT_MAX]; returns its length. */
size_t endpoint_format(char out[ENDPOINT_TEXT_MAX], const struct endpoint *e);

/* Parse either text form; false, and *a untouched, when it is no address. */
bool addr_parse(struct addr *a, const char *text);

#endif
