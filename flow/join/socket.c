/* SPDX-License-Identifier: MIT */
#include "flow/join/socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "flow/join/socket_note.h"
#include "flow/tuple.h"

enum {
	SOCKETS_DEFAULT_MAX = 1 << 17,
	SOCKET_PEERS_DEFAULT = 8192,
	KEEP_CLOSED_DEFAULT_S = 5,
};

enum place { PLACE_LIVE, PLACE_LINGERING, PLACE_FORGOTTEN };

/* A socket and how the table finds it. */
struct slot {
	struct socket s;
	uint32_t own;			   /* tuple entry of its present addresses, or HASH_NONE */
	uint32_t peer_oldest, peer_newest; /* its other tuple entries, in order of time */
	uint32_t peer_count;
	uint32_t next; /* in the queue of its place */
	uint8_t place;
	bool opened; /* its OPEN was seen: a second one is another socket (plan S reuses keys) */
	int64_t closed_ns; /* when the table learned of its end */
};

struct queue { /* of slots, oldest first */
	uint32_t head, tail;
};

struct socket_table {
	struct socket_table_options options;
	struct slab slots;
	struct hash_index cookies;
	struct tuple_index tuples;
	struct queue lingering, forgotten;
	uint64_t seed;
	uint64_t total, full;
	uint32_t count, peers;
	int64_t now_ns;
};

static struct slot *slot_at(const struct socket_table *t, uint32_t n)
{
	return slab_at(&t->slots, n);
}

/* --- queues of closed sockets --- */

static void queue_put(struct socket_table *t, struct queue *q, uint32_t n)
{
	slot_at(t, n)->next = HASH_NONE;
	if (q->head == HASH_NONE)
		q->head = n;
	else
		slot_at(t, q->tail)->next = n;
	q->tail = n;
}

static uint32_t queue_take(struct socket_table *t, struct queue *q)
{
	uint32_t n = q->head;

	if (n != HASH_NONE)
		q->head = slot_at(t, n)->next;
	return n;
}

/* --- the table --- */

struct socket_table *socket_table_new(const struct socket_table_options *o)
{
	struct socket_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->options = *o;
	if (!t->options.max_sockets)
		t->options.max_sockets = SOCKETS_DEFAULT_MAX;
	if (!t->options.max_peers)
		t->options.max_peers = t->options.max_sockets;
	if (!t->options.max_socket_peers)
		t->options.max_socket_peers = SOCKET_PEERS_DEFAULT;
	if (!t->options.keep_closed_ns)
		t->options.keep_closed_ns = KEEP_CLOSED_DEFAULT_S * 1000000000ll;
	t->lingering = t->forgotten = (struct queue){HASH_NONE, HASH_NONE};
	t->seed = hash_random_seed();
	if (slab_init(&t->slots, sizeof(struct slot), t->options.max_sockets))
		goto out_table;
	if (hash_index_init(&t->cookies, t->options.max_sockets))
		goto out_slots;
	if (tuple_index_init(&t->tuples, t->options.max_sockets + t->options.max_peers))
		goto out_cookies;
	return t;

out_cookies:
	hash_index_done(&t->cookies);
out_slots:
	slab_done(&t->slots);
out_table:
	free(t);
	return NULL;
}

void socket_table_free(struct socket_table *t)
{
	if (!t)
		return;
	for (uint32_t n = slab_next(&t->slots, 0); n < t->slots.slots; n = slab_next(&t->slots, n + 1))
		free(slot_at(t, n)->s.un);
	tuple_index_done(&t->tuples);
	hash_index_done(&t->cookies);
	slab_done(&t->slots);
	free(t);
}

static uint64_t cookie_hash(const struct socket_table *t, uint64_t cookie)
{
	return hash_bytes(&cookie, sizeof(cookie), t->seed);
}

static bool cookie_eq(const void *owner, uint32_t n, const void *key)
{
	const uint64_t *cookie = key;

	return slot_at(owner, n)->s.cookie == *cookie;
}

/* --- tuples of a socket --- */

static void drop_oldest_peer(struct socket_table *t, struct slot *x)
{
	struct tuple_entry *e = tuple_index_at(&t->tuples, x->peer_oldest);
	uint32_t n = x->peer_oldest;

	x->peer_oldest = e->next;
	x->peer_count--;
	t->peers--;
	tuple_index_remove(&t->tuples, n);
}

/* One socket may use remote ends without end: the oldest goes; a loss only if it was of late. */
static bool room_for_peer(struct socket_table *t, struct slot *x, int64_t time_ns)
{
	if (x->peer_count >= t->options.max_socket_peers) {
		const struct tuple_entry *e = tuple_index_at(&t->tuples, x->peer_oldest);

		t->full += time_ns - e->time_ns < t->options.keep_closed_ns;
		drop_oldest_peer(t, x);
	}
	return t->peers < t->options.max_peers;
}

static void append_peer(struct socket_table *t, struct slot *x, uint32_t n)
{
	tuple_index_at(&t->tuples, n)->next = HASH_NONE;
	if (x->peer_count++)
		tuple_index_at(&t->tuples, x->peer_newest)->next = n;
	else
		x->peer_oldest = n;
	x->peer_newest = n;
	t->peers++;
}

static bool has_tuple(struct socket_table *t, uint32_t slot, const struct tuple *u)
{
	size_t pos = 0;
	uint32_t n;

	while ((n = tuple_index_next(&t->tuples, u, &pos)) != HASH_NONE) {
		if (tuple_index_at(&t->tuples, n)->socket == slot)
			return true;
	}
	return false;
}

static void add_peer(struct socket_table *t, struct slot *x, uint32_t slot, const struct tuple *u,
		     int64_t time_ns)
{
	uint32_t n;

	if (has_tuple(t, slot, u))
		return;
	x->s.peers++;
	x->s.news = true;
	if (!room_for_peer(t, x, time_ns)) {
		t->full++;
		return;
	}
	n = tuple_index_add(&t->tuples, u, slot, time_ns);
	if (n == HASH_NONE)
		t->full++;
	else
		append_peer(t, x, n);
}

static bool has_addresses(const struct slot *x)
{
	return (x->s.family == AF_INET || x->s.family == AF_INET6) && x->s.local.port;
}

/*
 * The socket's own entry follows its addresses. A datagram socket that is connected elsewhere keeps
 * the remote end that it leaves as a peer: flows of that time are still its own.
 */
static void follow_addresses(struct socket_table *t, struct slot *x, uint32_t slot, int64_t time_ns)
{
	struct tuple now = tuple_make(x->s.proto, &x->s.local, &x->s.remote), was;

	if (!has_addresses(x))
		return;
	if (x->own != HASH_NONE) {
		was = tuple_index_at(&t->tuples, x->own)->tuple;
		if (tuple_eq(&was, &now))
			return;
		tuple_index_remove(&t->tuples, x->own);
		if (was.remote.port && socket_is_datagram(&x->s))
			add_peer(t, x, slot, &was, time_ns);
	}
	x->s.news = true;
	x->own = tuple_index_add(&t->tuples, &now, slot, time_ns);
	t->full += x->own == HASH_NONE;
}

static void drop_tuples(struct socket_table *t, struct slot *x)
{
	if (x->own != HASH_NONE)
		tuple_index_remove(&t->tuples, x->own);
	x->own = HASH_NONE;
	while (x->peer_count)
		drop_oldest_peer(t, x);
}

/* --- births and deaths --- */

/* Out of both indexes, still there by id. */
static void forget(struct socket_table *t, uint32_t n)
{
	struct slot *x = slot_at(t, n);

	if (t->options.on_end)
		t->options.on_end(t->options.ctx, &x->s, slab_id_of(&t->slots, n));
	drop_tuples(t, x);
	hash_index_remove(&t->cookies, cookie_hash(t, x->s.cookie), n);
	x->place = PLACE_FORGOTTEN;
	t->count--;
	queue_put(t, &t->forgotten, n);
}

/* Make room by recycling the socket that closed first; one that still lingers is a loss. */
static bool recycle(struct socket_table *t)
{
	uint32_t n;

	if (t->forgotten.head == HASH_NONE && t->lingering.head != HASH_NONE) {
		forget(t, queue_take(t, &t->lingering));
		t->full++;
	}
	n = queue_take(t, &t->forgotten);
	if (n == HASH_NONE)
		return false;
	free(slot_at(t, n)->s.un);
	slab_free(&t->slots, slab_id_of(&t->slots, n));
	return true;
}

static struct slot *slot_new(struct socket_table *t, uint64_t cookie, struct slab_id *id)
{
	struct slot *x = slab_new(&t->slots, id);

	if (!x && recycle(t))
		x = slab_new(&t->slots, id);
	if (!x)
		return NULL;
	if (hash_index_insert(&t->cookies, cookie_hash(t, cookie), id->slot)) {
		slab_free(&t->slots, *id);
		return NULL;
	}
	x->s.cookie = cookie;
	x->own = HASH_NONE;
	t->count++;
	t->total++;
	return x;
}

static void close_socket(struct socket_table *t, struct slot *x, uint32_t n, int64_t time_ns)
{
	if (x->place != PLACE_LIVE)
		return;
	x->s.death_ns = time_ns;
	x->s.news = true;
	x->closed_ns = time_ns > t->now_ns ? time_ns : t->now_ns;
	x->place = PLACE_LINGERING;
	owner_close(&x->s.owners, time_ns);
	queue_put(t, &t->lingering, n);
}

void socket_table_advance(struct socket_table *t, int64_t now_ns)
{
	if (now_ns > t->now_ns)
		t->now_ns = now_ns;
	while (t->lingering.head != HASH_NONE &&
	       t->now_ns - slot_at(t, t->lingering.head)->closed_ns >= t->options.keep_closed_ns)
		forget(t, queue_take(t, &t->lingering));
}

/* --- events --- */

static void note_peer(struct socket_table *t, struct slot *x, uint32_t n,
		      const struct sock_event *ev)
{
	struct endpoint remote = {addr_v6(ev->remote), ev->remote_port};
	struct endpoint local = {addr_v6(ev->local), ev->local_port};
	struct tuple u;

	if (!local.port)
		local = x->s.local;
	if (!local.port || !remote.port)
		return;
	u = tuple_make(x->s.proto, &local, &remote);
	add_peer(t, x, n, &u, (int64_t)ev->time_ns);
}

/* Plan S names a socket by its address in the kernel, which the next socket may have again. */
static bool is_another(const struct slot *x, const struct sock_event *ev)
{
	if (!(ev->flags & SOCK_FLAG_NO_COOKIE))
		return false;
	if (x->place == PLACE_LIVE)
		return x->opened && ev->kind == SOCK_EVENT_OPEN;
	return (int64_t)ev->time_ns > x->s.death_ns;
}

/* The slot of the event's socket, made if need be. */
static struct slot *slot_of_event(struct socket_table *t, const struct sock_event *ev,
				  struct slab_id *id, bool *is_new)
{
	uint32_t n =
		hash_index_find(&t->cookies, cookie_hash(t, ev->cookie), cookie_eq, t, &ev->cookie);
	struct slot *x;

	*is_new = false;
	if (n != HASH_NONE && is_another(slot_at(t, n), ev)) {
		x = slot_at(t, n);
		close_socket(t, x, n, (int64_t)ev->time_ns);
		/* It lingers by address; the key now names another. */
		hash_index_remove(&t->cookies, cookie_hash(t, ev->cookie), n);
		n = HASH_NONE;
	}
	if (n != HASH_NONE) {
		*id = slab_id_of(&t->slots, n);
		return slot_at(t, n);
	}
	x = slot_new(t, ev->cookie, id);
	t->full += !x;
	*is_new = x != NULL;
	return x;
}

struct socket *socket_table_event(struct socket_table *t, const struct sock_event *ev,
				  struct slab_id *id)
{
	int64_t time_ns = (int64_t)ev->time_ns;
	struct slab_id found;
	struct slot *x;
	bool is_new;

	if (!ev->cookie || ev->kind == SOCK_EVENT_NONE || ev->kind >= SOCK_EVENT_KINDS)
		return NULL;
	x = slot_of_event(t, ev, &found, &is_new);
	if (!x)
		return NULL;
	x->s.news = is_new;
	x->opened |= ev->kind == SOCK_EVENT_OPEN;
	socket_note(&x->s, ev, is_new);
	follow_addresses(t, x, found.slot, time_ns);
	if (ev->kind == SOCK_EVENT_PEER)
		note_peer(t, x, found.slot, ev);
	x->s.news |= owner_note(&x->s.owners, ev);
	if (ev->kind == SOCK_EVENT_CLOSE)
		close_socket(t, x, found.slot, time_ns);
	if (id)
		*id = found;
	return &x->s;
}

/* --- finding --- */

struct socket *socket_table_get(struct socket_table *t, struct slab_id id)
{
	struct slot *x = slab_get(&t->slots, id);

	return x ? &x->s : NULL;
}

static struct socket *found(struct socket_table *t, uint32_t n, struct slab_id *id)
{
	if (id)
		*id = slab_id_of(&t->slots, n);
	return &slot_at(t, n)->s;
}

struct socket *socket_table_by_cookie(struct socket_table *t, uint64_t cookie, struct slab_id *id)
{
	uint32_t n = hash_index_find(&t->cookies, cookie_hash(t, cookie), cookie_eq, t, &cookie);

	return n == HASH_NONE ? NULL : found(t, n, id);
}

const struct socket *socket_table_peer(const struct socket_table *t, const struct socket *s)
{
	uint64_t cookie = s->un ? s->un->peer : 0;
	uint32_t n = cookie ? hash_index_find(&t->cookies, cookie_hash(t, cookie), cookie_eq, t,
					      &cookie)
			    : HASH_NONE;

	return n == HASH_NONE ? NULL : &slot_at(t, n)->s;
}

struct socket *socket_table_lookup(struct socket_table *t, uint8_t proto,
				   const struct endpoint *local, const struct endpoint *remote,
				   size_t *pos, struct slab_id *id)
{
	struct tuple u = tuple_make(proto, local, remote);
	uint32_t n = tuple_index_next(&t->tuples, &u, pos);

	return n == HASH_NONE ? NULL : found(t, tuple_index_at(&t->tuples, n)->socket, id);
}

struct socket *socket_table_next(struct socket_table *t, uint32_t *slot, struct slab_id *id)
{
	uint32_t n = slab_next(&t->slots, *slot);

	while (n < t->slots.slots && slot_at(t, n)->place == PLACE_FORGOTTEN)
		n = slab_next(&t->slots, n + 1);
	*slot = n + 1;
	return n < t->slots.slots ? found(t, n, id) : NULL;
}

uint32_t socket_table_count(const struct socket_table *t)
{
	return t->count;
}

uint64_t socket_table_total(const struct socket_table *t)
{
	return t->total;
}

void socket_table_loss(const struct socket_table *t, struct loss *out)
{
	out->count[LOSS_SOCKETS_FULL] += t->full;
}

const struct socket_owner *socket_user(const struct socket *s, int64_t at_ns)
{
	return owner_at(&s->owners, at_ns);
}

bool socket_is_datagram(const struct socket *s)
{
	return s->type == SOCK_DGRAM || s->proto == IPPROTO_UDP || s->proto == IPPROTO_UDPLITE;
}
