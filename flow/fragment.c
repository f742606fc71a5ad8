/* SPDX-License-Identifier: MIT */
#include "flow/fragment.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	ENTRIES_MAX = 4096, /* a power of two */
	WAYS = 8,	    /* places where a datagram may be */
};

static const int64_t lifetime_ns = 30000000000; /* what hosts use; RFC 791 allows 15 s to 2 min */
static const int64_t check_every_ns = 1000000000;

struct fragment_entry {
	struct datagram datagram;
	struct flow_key key; /* when known */
	struct fragment_sum sum;
	int64_t since_ns;
	uint8_t sender;
	bool used, known;
};

void fragments_init(struct fragments *fr, uint32_t max)
{
	uint32_t entries = WAYS;

	while (entries < max && entries < ENTRIES_MAX)
		entries *= 2;
	*fr = (struct fragments){.size = entries};
}

void fragments_done(struct fragments *fr)
{
	free(fr->entries);
	*fr = (struct fragments){0};
}

static void give_up(struct fragments *fr, struct fragment_entry *e, fragment_charge_fn charge,
		    void *owner)
{
	const struct datagram *g = &e->datagram;
	struct flow_key key;
	int sender;

	if (e->sum.packets) {
		sender = flow_key_make(&key, g->proto, &g->src, 0, &g->dst, 0);
		key.scope = g->scope;
		charge(owner, &key, sender, &e->sum);
		fr->waiting--;
	}
	e->used = false;
}

static bool is_old(const struct fragments *fr, const struct fragment_entry *e)
{
	return fr->now_ns - e->since_ns > lifetime_ns;
}

/* The place of a datagram: its own, else a free one, else the one that has waited longest. */
static struct fragment_entry *place_of(struct fragments *fr, const struct datagram *g,
				       fragment_charge_fn charge, void *owner)
{
	size_t start = hash_bytes(g, sizeof(*g), 0) & (fr->size - WAYS);
	struct fragment_entry *best = &fr->entries[start];

	for (size_t i = 0; i < WAYS; i++) {
		struct fragment_entry *e = &fr->entries[start + i];

		if (e->used && !is_old(fr, e) && memcmp(&e->datagram, g, sizeof(*g)) == 0)
			return e;
		if (best->used && (!e->used || e->since_ns < best->since_ns))
			best = e;
	}
	if (best->used)
		give_up(fr, best, charge, owner);
	*best = (struct fragment_entry){.datagram = *g, .since_ns = fr->now_ns, .used = true};
	return best;
}

static void put_aside(struct fragments *fr, struct fragment_entry *e, const struct packet *p,
		      uint16_t tags)
{
	struct fragment_sum *s = &e->sum;

	if (!s->packets) {
		fr->waiting++;
		*s = (struct fragment_sum){.first_ns = p->time_ns,
					   .last_ns = p->time_ns,
					   .ip_version = p->ip_version,
					   .tags = tags};
	}
	s->packets++;
	s->bytes += p->wirelen;
	s->ip_bytes += p->ip_bytes;
	s->payload_bytes += p->payload_bytes;
	if (p->time_ns < s->first_ns)
		s->first_ns = p->time_ns;
	if (p->time_ns > s->last_ns)
		s->last_ns = p->time_ns;
}

static void learn(struct fragments *fr, struct fragment_entry *e, const struct flow_key *key,
		  int sender, fragment_charge_fn charge, void *owner)
{
	e->key = *key;
	e->sender = (uint8_t)sender;
	e->known = true;
	if (!e->sum.packets)
		return;
	charge(owner, key, sender, &e->sum);
	e->sum.packets = 0;
	fr->waiting--;
}

bool fragments_resolve(struct fragments *fr, const struct packet *p, uint16_t tags,
		       struct flow_key *key, int *sender, fragment_charge_fn charge, void *owner)
{
	struct datagram g = datagram_of(p, p->proto, key->scope);
	struct fragment_entry *e;

	if (!fr->entries)
		fr->entries = calloc(fr->size, sizeof(*fr->entries));
	if (!fr->entries)
		return false;
	if (p->time_ns > fr->now_ns)
		fr->now_ns = p->time_ns;
	e = place_of(fr, &g, charge, owner);
	if (p->has_ports) {
		learn(fr, e, key, *sender, charge, owner);
		return false;
	}
	if (!e->known) {
		put_aside(fr, e, p, tags);
		return true;
	}
	*key = e->key;
	*sender = e->sender;
	return false;
}

void fragments_advance(struct fragments *fr, int64_t now_ns, fragment_charge_fn charge, void *owner)
{
	bool all = now_ns == INT64_MAX;

	if (!fr->waiting || (now_ns < fr->check_ns && !all))
		return;
	if (!all)
		fr->check_ns = now_ns + check_every_ns;
	if (!all && now_ns > fr->now_ns)
		fr->now_ns = now_ns;
	for (size_t i = 0; i < fr->size; i++) {
		struct fragment_entry *e = &fr->entries[i];

		if (e->used && e->sum.packets && (all || is_old(fr, e)))
			give_up(fr, e, charge, owner);
	}
}
