/* SPDX-License-Identifier: MIT */
#include "flow/app/media.h"

#include <stdlib.h>
#include <string.h>

struct place {
	struct addr addr;
	uint16_t port;
	uint8_t pad[2]; /* hashed as bytes */
};

struct media_entry {
	struct place place;
	struct media_codecs codecs;
	int64_t since_ns;
};

int media_init(struct media_table *t, uint32_t max)
{
	*t = (struct media_table){.max = max < MEDIA_MAX ? max : MEDIA_MAX};
	return hash_index_init(&t->index, t->max);
}

void media_done(struct media_table *t)
{
	free(t->entries);
	hash_index_done(&t->index);
	*t = (struct media_table){0};
}

static uint64_t hash_of(const struct place *p)
{
	return hash_bytes(p, sizeof(*p), 0);
}

static bool is_at(const void *owner, uint32_t slot, const void *key)
{
	const struct media_table *t = owner;

	return memcmp(&t->entries[slot].place, key, sizeof(struct place)) == 0;
}

static struct media_entry *find(const struct media_table *t, const struct place *p)
{
	uint32_t slot = t->count ? hash_index_find(&t->index, hash_of(p), is_at, t, p) : HASH_NONE;

	return slot == HASH_NONE ? NULL : &t->entries[slot];
}

/* The oldest makes room; NULL without memory. */
static struct media_entry *make(struct media_table *t, const struct place *p)
{
	struct media_entry *e;

	if (!t->entries)
		t->entries = calloc(t->max, sizeof(*t->entries));
	if (!t->entries)
		return NULL;
	e = &t->entries[t->next];
	if (t->count == t->max)
		hash_index_remove(&t->index, hash_of(&e->place), t->next);
	e->place = *p;
	if (hash_index_insert(&t->index, hash_of(p), t->next))
		return NULL;
	t->next = (t->next + 1) % t->max;
	t->count += t->count < t->max;
	return e;
}

static void announce(struct media_table *t, const struct sdp_media *m, int64_t now_ns)
{
	struct place p = {.addr = m->addr, .port = m->port};
	struct media_entry *e;

	if (!m->port || !m->codec_count || addr_is_any(&m->addr))
		return;
	e = find(t, &p);
	if (!e)
		e = make(t, &p);
	if (!e)
		return;
	e->since_ns = now_ns;
	e->codecs.count = (uint8_t)m->codec_count;
	memcpy(e->codecs.codec, m->codecs, sizeof(m->codecs));
	t->announced++;
}

/* What follows the empty line. */
static struct cursor body_of(struct cursor message)
{
	const uint8_t *end = memmem(message.p, cursor_left(&message), "\r\n\r\n", 4);

	cursor_skip(&message, end ? (size_t)(end - message.p) + 4 : cursor_left(&message));
	return message;
}

bool media_description(struct media_table *t, struct cursor body, int64_t now_ns)
{
	uint64_t before = t->announced;
	struct sdp sdp;

	if (!sdp_parse(body, &sdp))
		return false;
	for (unsigned i = 0; i < sdp.media_count; i++)
		announce(t, &sdp.media[i], now_ns);
	return t->announced != before;
}

bool media_message(struct media_table *t, struct cursor message, int64_t now_ns)
{
	return media_description(t, body_of(message), now_ns);
}

const struct media_codecs *media_find(const struct media_table *t, const struct addr *addr,
				      uint16_t port, int64_t now_ns)
{
	struct place p = {.addr = *addr, .port = port};
	const struct media_entry *e = find(t, &p);

	return e && now_ns - e->since_ns <= MEDIA_NS ? &e->codecs : NULL;
}
