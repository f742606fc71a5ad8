/* SPDX-License-Identifier: MIT
 *
 * Passive DNS (Weimer, 2005): what answers on the wire called an address. Nothing is ever asked.
 *
 * The table is bounded; the address that was named longest ago makes room.
 */
#ifndef SOCKLENS_FLOW_PASSIVE_DNS_H
#define SOCKLENS_FLOW_PASSIVE_DNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/hash.h"

enum { PASSIVE_DNS_MAX = 65536, PASSIVE_DNS_NAME_MAX = 255 };

struct passive_name {
	struct addr addr;
	char *text; /* owned; as in decode/dns.h, not printable yet */
	uint16_t len;
	uint32_t older, newer; /* numbers of entries + 1; 0 = none */
};

struct passive_dns {
	struct passive_name *entries; /* owned; made by the first name */
	struct hash_index index;
	uint64_t seed;
	uint32_t count, max;
	uint32_t oldest, newest; /* numbers + 1 */
};

int passive_dns_init(struct passive_dns *t, uint32_t max); /* 0 or -ENOMEM */
void passive_dns_done(struct passive_dns *t);

/* The address was called so just now. Without memory nothing happens. */
void passive_dns_note(struct passive_dns *t, const struct addr *addr, const char *text, size_t len);

/* Take the names out of a DNS message, if it is an answer. */
void passive_dns_message(struct passive_dns *t, struct cursor message);

/* NULL when the address has no name. */
const struct passive_name *passive_dns_find(const struct passive_dns *t, const struct addr *addr);

#endif
