/* SPDX-License-Identifier: MIT */
#include "flow/join/local.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* No inode has this number: under it stand the addresses of all namespaces together. */
enum { NETNS_ANYWHERE = 0xffffffffu };

int local_addrs_init(struct local_addrs *l, uint32_t max)
{
	struct local_key *keys = calloc(max, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	*l = (struct local_addrs){.keys = keys, .max = max, .seed = hash_random_seed()};
	if (hash_index_init(&l->index, max)) {
		free(keys);
		return -ENOMEM;
	}
	return 0;
}

void local_addrs_done(struct local_addrs *l)
{
	hash_index_done(&l->index);
	free(l->keys);
}

static bool key_eq(const void *owner, uint32_t n, const void *key)
{
	const struct local_addrs *l = owner;

	return memcmp(&l->keys[n], key, sizeof(l->keys[n])) == 0;
}

static bool has(const struct local_addrs *l, const struct local_key *k)
{
	uint64_t hash = hash_bytes(k, sizeof(*k), l->seed);

	return hash_index_find(&l->index, hash, key_eq, l, k) != HASH_NONE;
}

static void insert(struct local_addrs *l, const struct local_key *k)
{
	if (l->count == l->max || has(l, k))
		return;
	if (hash_index_insert(&l->index, hash_bytes(k, sizeof(*k), l->seed), l->count) == 0)
		l->keys[l->count++] = *k;
}

/* The wildcard address of a's family stands for "some address of it is known". */
static struct local_key family_key(uint32_t netns, const struct addr *a)
{
	static const uint8_t any4[4];
	struct local_key k = {.netns = netns};

	if (addr_is_v4(a))
		k.addr = addr_v4(any4);
	return k;
}

void local_addrs_add(struct local_addrs *l, uint32_t netns, const struct addr *a)
{
	struct local_key here = {*a, netns}, anywhere = {*a, NETNS_ANYWHERE};
	struct local_key family = family_key(netns, a);

	if (addr_is_any(a) || addr_is_loopback(a) || addr_is_multicast(a) || has(l, &here))
		return;
	insert(l, &here);
	insert(l, &anywhere);
	insert(l, &family);
}

bool local_addrs_anywhere(const struct local_addrs *l, const struct addr *a)
{
	struct local_key k = {*a, NETNS_ANYWHERE};

	return addr_is_loopback(a) || has(l, &k);
}

bool local_addrs_in(const struct local_addrs *l, uint32_t netns, const struct addr *a)
{
	struct local_key k = {*a, netns};

	return has(l, &k);
}

bool local_addrs_known(const struct local_addrs *l, uint32_t netns, const struct addr *a)
{
	struct local_key k = family_key(netns, a);

	return has(l, &k);
}
