/* SPDX-License-Identifier: MIT */
#include "flow/tunnel_totals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int tunnel_totals_init(struct tunnel_totals *t)
{
	*t = (struct tunnel_totals){0};
	return hash_index_init(&t->index, TUNNEL_TOTALS_MAX);
}

void tunnel_totals_done(struct tunnel_totals *t)
{
	hash_index_done(&t->index);
	free(t->rows);
	t->rows = NULL;
}

/* Equal for both directions, and in every byte. */
static void key_of(struct tunnel *key, const struct tunnel *t)
{
	bool swap = addr_cmp(&t->src, &t->dst) > 0;

	memset(key, 0, sizeof(*key));
	key->src = swap ? t->dst : t->src;
	key->dst = swap ? t->src : t->dst;
	key->id = t->id;
	key->kind = t->kind;
}

static bool same(const void *owner, uint32_t slot, const void *key)
{
	const struct tunnel_totals *t = owner;
	struct tunnel mine;

	key_of(&mine, &t->rows[slot].tunnel);
	return memcmp(&mine, key, sizeof(mine)) == 0;
}

/* NULL when there are too many. */
static struct tunnel_total *find(struct tunnel_totals *t, const struct tunnel *tunnel)
{
	struct tunnel key;
	uint64_t hash;
	uint32_t slot;

	key_of(&key, tunnel);
	hash = hash_bytes(&key, sizeof(key), 0); /* bounded, whoever aims at it */
	slot = hash_index_find(&t->index, hash, same, t, &key);
	if (slot != HASH_NONE)
		return &t->rows[slot];
	if (!t->rows)
		t->rows = calloc(TUNNEL_TOTALS_MAX, sizeof(*t->rows));
	if (!t->rows || t->count == TUNNEL_TOTALS_MAX ||
	    hash_index_insert(&t->index, hash, t->count))
		return NULL;
	t->rows[t->count].tunnel = *tunnel;
	return &t->rows[t->count++];
}

void tunnel_totals_add(struct tunnel_totals *t, const struct packet *p)
{
	for (unsigned i = 0; i < p->tunnel_count; i++) {
		struct tunnel_total *row = find(t, &p->tunnel[i]);

		if (!row) {
			t->refused++;
			continue;
		}
		row->packets++;
		row->bytes += p->wirelen;
	}
}

void tunnel_totals_merge(struct tunnel_totals *t, const struct tunnel_total *more)
{
	struct tunnel_total *row = find(t, &more->tunnel);

	if (!row) {
		t->refused += (uint64_t)more->packets;
		return;
	}
	row->packets += more->packets;
	row->bytes += more->bytes;
}
