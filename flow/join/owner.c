/* SPDX-License-Identifier: MIT */
#include "flow/join/owner.h"

#include <stddef.h>
#include <string.h>

/*
 * What an event of a kind proves. Every record carries the process known last; only some are made
 * inside that process's own system call on the socket.
 */
enum proof { PROOF_REPEATS, PROOF_HOLDS, PROOF_ACTS };

static const uint8_t proof_of[SOCK_EVENT_KINDS] = {
	[SOCK_EVENT_OPEN] = PROOF_ACTS,	 [SOCK_EVENT_EXISTING] = PROOF_HOLDS,
	[SOCK_EVENT_OWNER] = PROOF_ACTS, [SOCK_EVENT_PEER] = PROOF_ACTS,
	[SOCK_EVENT_CALL] = PROOF_ACTS,
};

static enum proof proof(const struct sock_event *ev)
{
	return ev->kind < SOCK_EVENT_KINDS ? proof_of[ev->kind] : PROOF_REPEATS;
}

/*
 * Is it the same process? The probe names one once a socket: a second time under another name or
 * user it is the next that got the number.
 */
static bool is_same_process(const struct socket_owner *o, const struct sock_event *ev)
{
	bool is_named_anew = ev->kind == SOCK_EVENT_OWNER && !o->existing;

	return o->pid == ev->pid &&
	       (!is_named_anew ||
		(o->uid == ev->uid && !memcmp(o->comm, ev->comm, sizeof(o->comm))));
}

/* dup() gives a process several descriptors of one socket; an unknown one matches any. */
static struct socket_owner *find(struct owner_list *l, const struct sock_event *ev)
{
	for (unsigned i = 0; i < l->count; i++) {
		struct socket_owner *o = &l->owner[i];

		if (is_same_process(o, ev) && !o->provisional &&
		    (o->fd == ev->fd || o->fd < 0 || ev->fd < 0))
			return o;
	}
	return NULL;
}

static struct socket_owner owner_of_event(const struct sock_event *ev)
{
	bool holds = proof(ev) == PROOF_HOLDS;
	struct socket_owner o = {
		.from_ns = holds ? 0 : (int64_t)ev->time_ns,
		.pid = ev->pid,
		.tid = ev->tid,
		.uid = ev->uid,
		.fd = ev->fd,
		.cgroup = ev->cgroup,
		.provisional = ev->flags & SOCK_FLAG_PROVISIONAL,
		.existing = holds,
		.heard_of = proof(ev) == PROOF_REPEATS,
	};

	memcpy(o.comm, ev->comm, sizeof(o.comm));
	return o;
}

static void remove_at(struct owner_list *l, unsigned i)
{
	l->count--;
	memmove(&l->owner[i], &l->owner[i + 1], (l->count - i) * sizeof(l->owner[0]));
}

/* Events come late, too: what counts is the order of time. */
static void insert(struct owner_list *l, const struct socket_owner *o)
{
	unsigned at = l->count++;

	for (; at > 0 && l->owner[at - 1].from_ns > o->from_ns; at--)
		l->owner[at] = l->owner[at - 1];
	l->owner[at] = *o;
}

/*
 * The walk over the sockets tells of a process before the ring is read that says when it acted.
 * Without that time it would seem to have come after those that the socket was handed on to.
 */
static void move_to(struct owner_list *l, struct socket_owner *o, int64_t from_ns)
{
	struct socket_owner moved = *o;

	moved.from_ns = from_ns;
	moved.heard_of = false;
	remove_at(l, (unsigned)(o - l->owner));
	insert(l, &moved);
}

/* The same process again: fill what was unknown, and believe what is proven better. */
static bool refine(struct owner_list *l, struct socket_owner *o, const struct sock_event *ev)
{
	bool acts = proof(ev) == PROOF_ACTS, was_found = o->existing && acts;

	if (o->fd < 0)
		o->fd = ev->fd;
	if (!o->cgroup)
		o->cgroup = ev->cgroup;
	if (was_found) {
		o->existing = false;
		o->tid = ev->tid;
		memcpy(o->comm, ev->comm, sizeof(o->comm));
	}
	if (!o->heard_of || !acts)
		return was_found;
	move_to(l, o, (int64_t)ev->time_ns);
	return true;
}

/* An acting owner is worth more than any placeholder, or than one of many holders when full. */
static void make_room(struct owner_list *l, const struct socket_owner *o)
{
	for (unsigned i = 0; i < l->count; i++) {
		if (l->owner[i].provisional) {
			remove_at(l, i);
			return;
		}
	}
	for (unsigned i = 0; l->count == SOCKET_OWNERS_MAX && !o->existing && i < l->count; i++) {
		if (l->owner[i].existing) {
			remove_at(l, i);
			l->lost++;
		}
	}
}

bool owner_note(struct owner_list *l, const struct sock_event *ev)
{
	struct socket_owner o = owner_of_event(ev), *known;

	if (!ev->pid || (o.provisional && l->count))
		return false;
	known = find(l, ev);
	if (known)
		return refine(l, known, ev);
	make_room(l, &o);
	if (l->count == SOCKET_OWNERS_MAX) {
		l->lost++;
		return true;
	}
	insert(l, &o);
	return true;
}

void owner_close(struct owner_list *l, int64_t time_ns)
{
	for (unsigned i = 0; i < l->count; i++) {
		if (!l->owner[i].until_ns)
			l->owner[i].until_ns = time_ns;
	}
}

static int rank(const struct socket_owner *o)
{
	return o->provisional ? 0 : o->existing ? 1 : 2;
}

const struct socket_owner *owner_at(const struct owner_list *l, int64_t at_ns)
{
	const struct socket_owner *best = NULL;

	for (unsigned i = 0; i < l->count; i++) {
		const struct socket_owner *o = &l->owner[i];

		if (!best || rank(o) > rank(best) || (rank(o) == rank(best) && o->from_ns <= at_ns))
			best = o;
	}
	return best;
}

unsigned owner_processes(const struct owner_list *l)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->count; i++) {
		bool again = l->owner[i].provisional;

		for (unsigned j = 0; j < i && !again; j++)
			again = l->owner[j].pid == l->owner[i].pid;
		n += !again;
	}
	return n + l->lost;
}
