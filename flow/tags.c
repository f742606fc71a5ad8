/* SPDX-License-Identifier: MIT */
#include "flow/tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TAGS_MAX = UINT16_MAX, TAGS_FIRST = 16 };

int tag_table_init(struct tag_table *t)
{
	*t = (struct tag_table){0};
	return hash_index_init(&t->index, TAGS_MAX);
}

void tag_table_done(struct tag_table *t)
{
	hash_index_done(&t->index);
	free(t->sets);
}

/* Zeroed where there is nothing, so that equal stacks are equal bytes. */
static void tags_of(struct tags *s, const struct packet *p, bool vlan, bool tunnel)
{
	memset(s, 0, sizeof(*s));
	if (vlan)
		s->vlan_count = p->vlan_count;
	if (tunnel)
		s->tunnel_count = p->tunnel_count;
	for (unsigned i = 0; i < s->vlan_count; i++)
		s->vlan[i] = p->vlan[i];
	for (unsigned i = 0; i < s->tunnel_count; i++) {
		s->tunnel[i].src = p->tunnel[i].src;
		s->tunnel[i].dst = p->tunnel[i].dst;
		s->tunnel[i].id = p->tunnel[i].id;
		s->tunnel[i].kind = p->tunnel[i].kind;
	}
}

static bool tags_eq(const void *owner, uint32_t slot, const void *key)
{
	const struct tag_table *t = owner;

	return memcmp(&t->sets[slot], key, sizeof(struct tags)) == 0;
}

static bool has_room(struct tag_table *t)
{
	uint32_t size = t->size ? t->size * 2 : TAGS_FIRST;
	struct tags *sets;

	if (t->count < t->size)
		return true;
	if (t->count >= TAGS_MAX)
		return false;
	sets = reallocarray(t->sets, size, sizeof(*sets));
	if (!sets)
		return false;
	t->sets = sets;
	t->size = size;
	return true;
}

uint16_t tags_intern(struct tag_table *t, const struct packet *p)
{
	struct tags set;
	uint64_t hash;
	uint32_t slot;

	if (!p->vlan_count && !p->tunnel_count)
		return 0;
	tags_of(&set, p, true, true);
	hash = hash_bytes(&set, sizeof(set), 0); /* bounded by TAGS_MAX, whoever aims at it */
	slot = hash_index_find(&t->index, hash, tags_eq, t, &set);
	if (slot != HASH_NONE)
		return (uint16_t)(slot + 1);
	if (!has_room(t) || hash_index_insert(&t->index, hash, t->count))
		return 0;
	t->sets[t->count++] = set;
	return (uint16_t)t->count;
}

const struct tags *tags_get(const struct tag_table *t, uint16_t number)
{
	return number ? &t->sets[number - 1] : NULL;
}

/* Both directions must agree: the ends are sorted, and ids that each direction chooses stay out. */
uint32_t tags_scope(const struct packet *p, bool vlan, bool tunnel)
{
	struct tags set;

	tags_of(&set, p, vlan, tunnel);
	if (!set.vlan_count && !set.tunnel_count)
		return 0;
	for (unsigned i = 0; i < set.tunnel_count; i++) {
		struct tunnel *u = &set.tunnel[i];

		if (addr_cmp(&u->src, &u->dst) > 0) {
			struct addr swap = u->src;

			u->src = u->dst;
			u->dst = swap;
		}
		if (u->kind == TUNNEL_GTPU) /* each direction has its own TEID */
			u->id = 0;
	}
	return (uint32_t)hash_bytes(&set, sizeof(set), 0) | 1;
}
