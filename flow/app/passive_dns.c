/* SPDX-License-Identifier: MIT */
#include "flow/app/passive_dns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/dns.h"

int passive_dns_init(struct passive_dns *t, uint32_t max)
{
	*t = (struct passive_dns){.max = max, .seed = hash_random_seed()};
	return hash_index_init(&t->index, max);
}

void passive_dns_done(struct passive_dns *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		free(t->entries[i].text);
	free(t->entries);
	hash_index_done(&t->index);
	*t = (struct passive_dns){0};
}

static uint64_t hash_of(const struct passive_dns *t, const struct addr *addr)
{
	return hash_bytes(addr, sizeof(*addr), t->seed);
}

static bool has_addr(const void *owner, uint32_t slot, const void *key)
{
	const struct passive_dns *t = owner;

	return addr_eq(&t->entries[slot].addr, key);
}

static uint32_t number_of(const struct passive_dns *t, const struct addr *addr)
{
	return hash_index_find(&t->index, hash_of(t, addr), has_addr, t, addr);
}

const struct passive_name *passive_dns_find(const struct passive_dns *t, const struct addr *addr)
{
	uint32_t i = t->count ? number_of(t, addr) : HASH_NONE;

	return i == HASH_NONE ? NULL : &t->entries[i];
}

/* --- order of age
 * --------------------------------------------------------------------------------- */

static void unlink_entry(struct passive_dns *t, uint32_t i)
{
	struct passive_name *e = &t->entries[i];

	*(e->newer ? &t->entries[e->newer - 1].older : &t->newest) = e->older;
	*(e->older ? &t->entries[e->older - 1].newer : &t->oldest) = e->newer;
}

static void link_newest(struct passive_dns *t, uint32_t i)
{
	struct passive_name *e = &t->entries[i];

	e->newer = 0;
	e->older = t->newest;
	*(t->newest ? &t->entries[t->newest - 1].newer : &t->oldest) = i + 1;
	t->newest = i + 1;
}

/* An entry for a new address, not linked; HASH_NONE without memory. */
static uint32_t make(struct passive_dns *t, const struct addr *addr)
{
	uint32_t i = t->count < t->max ? t->count : t->oldest - 1;

	if (!t->entries)
		t->entries = calloc(t->max, sizeof(*t->entries));
	if (!t->entries)
		return HASH_NONE;
	if (i < t->count) {
		hash_index_remove(&t->index, hash_of(t, &t->entries[i].addr), i);
		unlink_entry(t, i);
	}
	if (hash_index_insert(&t->index, hash_of(t, addr), i)) {
		if (i < t->count)
			link_newest(t, i); /* out of the index, but still to be freed and reused */
		return HASH_NONE;
	}
	if (i == t->count)
		t->count++;
	t->entries[i].addr = *addr;
	return i;
}

void passive_dns_note(struct passive_dns *t, const struct addr *addr, const char *text, size_t len)
{
	uint32_t i = t->count ? number_of(t, addr) : HASH_NONE;
	char *copy;

	if (!len || len > PASSIVE_DNS_NAME_MAX)
		return;
	copy = malloc(len);
	if (!copy)
		return;
	memcpy(copy, text, len);
	if (i != HASH_NONE)
		unlink_entry(t, i);
	else
		i = make(t, addr);
	if (i == HASH_NONE) {
		free(copy);
		return;
	}
	free(t->entries[i].text);
	t->entries[i].text = copy;
	t->entries[i].len = (uint16_t)len;
	link_newest(t, i);
}

/* --- from messages
 * -------------------------------------------------------------------------------- */

/* Addresses that mean "nowhere" or "many" are not named by who answers with them. */
static bool is_nameable(const struct addr *a)
{
	return !addr_is_any(a) && !addr_is_loopback(a) && !addr_is_multicast(a);
}

void passive_dns_message(struct passive_dns *t, struct cursor message)
{
	struct dns_message m;
	struct dns_name owner;

	if (!dns_parse(message, &m) || !m.response || m.rcode)
		return;
	for (unsigned i = 0; i < m.answer_count; i++) {
		const struct dns_answer *a = &m.answers[i];
		const struct dns_name *name = &m.question; /* what was asked for, not its alias */

		if (!is_nameable(&a->addr))
			continue;
		if (!name->len && dns_name_at(message, a->name_at, &owner))
			name = &owner;
		if (name->len)
			passive_dns_note(t, &a->addr, name->text, name->len);
	}
}
