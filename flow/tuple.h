/* SPDX-License-Identifier: MIT
 *
 * Which sockets have these two ends? An index of (protocol, local, remote) -> socket slot in which
 * a key may stand for several sockets (network namespaces, reuse, SO_REUSEPORT) and a socket may
 * stand under several keys (its own addresses and each datagram peer).
 */
#ifndef SOCKLENS_FLOW_TUPLE_H
#define SOCKLENS_FLOW_TUPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "base/slab.h"

struct tuple {
	struct endpoint local, remote;
	uint8_t proto;
	uint8_t pad[3]; /* zero: tuples are compared and hashed as bytes */
};

_Static_assert(sizeof(struct tuple) == 40, "tuples are hashed as bytes: no holes");

struct tuple_entry {
	struct tuple tuple;
	uint32_t socket; /* the owner's slot number */
	uint32_t next;	 /* for the owner's own list; HASH_NONE ends */
	int64_t time_ns; /* when it was last told */
};

struct tuple_index {
	struct hash_index hash;
	struct slab entries;
	uint64_t seed;
};

/*
 * 0.0.0.0 and :: are one (a dual-stack socket has either), and a remote end without a port is no
 * remote end at all.
 */
struct tuple tuple_make(uint8_t proto, const struct endpoint *local, const struct endpoint *remote);
bool tuple_eq(const struct tuple *a, const struct tuple *b);

int tuple_index_init(struct tuple_index *x, uint32_t max); /* 0 or -ENOMEM */
void tuple_index_done(struct tuple_index *x);

/* The number of the new entry, or HASH_NONE when the index is full. */
uint32_t tuple_index_add(struct tuple_index *x, const struct tuple *t, uint32_t socket,
			 int64_t time_ns);
void tuple_index_remove(struct tuple_index *x, uint32_t number);

static inline struct tuple_entry *tuple_index_at(const struct tuple_index *x, uint32_t number)
{
	return slab_at(&x->entries, number);
}

/* Visit the entries of a tuple: *pos starts at 0; HASH_NONE ends. No change between calls. */
uint32_t tuple_index_next(const struct tuple_index *x, const struct tuple *t, size_t *pos);

#endif
