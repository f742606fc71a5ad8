/* SPDX-License-Identifier: MIT */
#include "flow/join/names.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vis.h"
#include "bpf/named.h"

enum { NAMES_MAX = 1 << 14, USER_MAX = 40, NETNS_MAX = 64 };

/* Trees and folders are cheap to read, but not for each packet of an unknown one. */
#define REFRESH_NS 5000000000ll

/* Entries of one size, by a number that each begins with. */
struct name_table {
	char *entries; /* owned; grows */
	uint32_t count, room;
	size_t size;
	struct hash_index index;
	bool missed; /* a number was asked for that is not here */
};

struct named {
	uint64_t number;
	char name[NETNS_MAX];
};

struct named_cgroup {
	uint64_t number;
	struct cgroup_name name;
};

struct names {
	struct name_table users, netns, cgroups;
	int64_t read_ns;
};

/* --- a table --- */

static int table_init(struct name_table *t, size_t size)
{
	*t = (struct name_table){.size = size};
	return hash_index_init(&t->index, NAMES_MAX);
}

static void table_done(struct name_table *t)
{
	hash_index_done(&t->index);
	free(t->entries);
}

static uint64_t number_hash(uint64_t number)
{
	return hash_mix(number, 0, 0); /* numbers of the kernel, not of a stranger */
}

static bool number_eq(const void *owner, uint32_t n, const void *key)
{
	const struct name_table *t = owner;

	return memcmp(t->entries + n * t->size, key, sizeof(uint64_t)) == 0;
}

static void *table_find(const struct name_table *t, uint64_t number)
{
	uint32_t n = hash_index_find(&t->index, number_hash(number), number_eq, t, &number);

	return n == HASH_NONE ? NULL : t->entries + n * t->size;
}

/* The entry of a number, made if need be; NULL when there is no room. */
static void *table_put(struct name_table *t, uint64_t number)
{
	char *e = table_find(t, number);

	if (e)
		return e;
	if (t->count == t->room) {
		uint32_t room = t->room ? 2 * t->room : 64;
		char *more = room <= NAMES_MAX ? realloc(t->entries, room * t->size) : NULL;

		if (!more)
			return NULL;
		t->entries = more;
		t->room = room;
	}
	if (hash_index_insert(&t->index, number_hash(number), t->count))
		return NULL;
	e = t->entries + t->count++ * t->size;
	memset(e, 0, t->size);
	memcpy(e, &number, sizeof(number));
	return e;
}

/* --- reading --- */

static void note_name(void *ctx, uint64_t number, const char *name)
{
	struct named *e = table_put(ctx, number);

	if (e)
		vis_str(e->name, sizeof(e->name), name, strlen(name));
}

static void note_user(void *ctx, uint64_t number, const char *name)
{
	/* Several names of one uid: the first is what everybody else shows. */
	if (!table_find(ctx, number))
		note_name(ctx, number, name);
}

static void note_cgroup(void *ctx, uint64_t number, const char *path)
{
	struct named_cgroup *e = table_put(ctx, number);
	struct container c = {.name = ""};

	if (!e)
		return;
	container_of_cgroup(&c, path);
	vis_str(e->name.path, sizeof(e->name.path), path, strlen(path));
	vis_str(e->name.container.name, sizeof(c.name), c.name, sizeof(c.name));
	vis_str(e->name.container.pod, sizeof(c.pod), c.pod, sizeof(c.pod));
}

struct names *names_new(void)
{
	struct names *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	if (table_init(&n->users, sizeof(struct named)) ||
	    table_init(&n->netns, sizeof(struct named)) ||
	    table_init(&n->cgroups, sizeof(struct named_cgroup))) {
		names_free(n);
		return NULL;
	}
	named_users(note_user, &n->users);
	named_netns(note_name, &n->netns);
	named_cgroups(note_cgroup, &n->cgroups);
	return n;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	table_done(&n->users);
	table_done(&n->netns);
	table_done(&n->cgroups);
	free(n);
}

void names_refresh(struct names *n, int64_t now_ns)
{
	if (!n || (!n->netns.missed && !n->cgroups.missed) || now_ns - n->read_ns < REFRESH_NS)
		return;
	n->read_ns = now_ns;
	if (n->netns.missed)
		named_netns(note_name, &n->netns);
	if (n->cgroups.missed)
		named_cgroups(note_cgroup, &n->cgroups);
	n->netns.missed = n->cgroups.missed = false;
}

/* --- asking --- */

static const void *ask(struct name_table *t, uint64_t number)
{
	const void *e = table_find(t, number);

	t->missed |= !e;
	return e;
}

const char *names_user(struct names *n, uint32_t uid)
{
	const struct named *e = n ? ask(&n->users, uid) : NULL;

	return e ? e->name : NULL;
}

const char *names_netns(struct names *n, uint32_t inode)
{
	const struct named *e = n ? ask(&n->netns, inode) : NULL;

	return e ? e->name : NULL;
}

const struct cgroup_name *names_cgroup(struct names *n, uint64_t id)
{
	const struct named_cgroup *e = n && id ? ask(&n->cgroups, id) : NULL;

	return e ? &e->name : NULL;
}
