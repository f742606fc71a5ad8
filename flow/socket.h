/* SPDX-License-Identifier: MIT
 *
 * Sockets as the probe tells of them: keyed by cookie, with every owner they had and when.
 * A socket that has closed stays for a while, since frames and events of one moment arrive in
 * either order; a reused tuple is a new socket and inherits nothing.
 */
#ifndef SOCKLENS_FLOW_SOCKET_H
#define SOCKLENS_FLOW_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loss.h"
#include "base/slab.h"
#include "bpf/sock_event.h"
#include "flow/key.h"

struct socket_owner {
	int64_t from_ns, until_ns; /* wall clock; until 0 = still */
	uint32_t pid, tid, uid;
	int32_t fd;
	uint64_t cgroup;
	bool provisional; /* copied from a listener: weaker than "unknown" once anything else is known */
	bool existing;	  /* found by an iterator, not seen acting */
	char comm[SOCK_COMM_LEN]; /* raw */
};

enum { SOCKET_OWNERS_MAX = 8 };

struct socket {
	uint64_t cookie;
	int64_t birth_ns, death_ns; /* wall clock; birth 0 = before the probe, death 0 = lives */
	struct endpoint local, remote; /* remote port 0 = unconnected */
	uint32_t netns;
	uint16_t family;
	uint8_t proto, type, tcp_state;
	bool listener, passive;
	uint8_t owner_count;
	uint32_t owners_lost; /* owners beyond SOCKET_OWNERS_MAX */
	struct socket_owner owners[SOCKET_OWNERS_MAX]; /* oldest first */
	uint64_t tx_bytes, rx_bytes, acked_bytes, received_bytes;
	uint32_t unread_bytes, unsent_bytes, srtt_us, retransmits;
	bool has_totals;
};

struct socket_table;

struct socket_table_options {
	uint32_t max_sockets;	   /* 0 = default */
	int64_t keep_closed_ns;	   /* 0 = default (5 s) */
};

struct socket_table *socket_table_new(const struct socket_table_options *o); /* NULL = no memory */
void socket_table_free(struct socket_table *t);

/* Take one event whose time has been made wall-clock. The socket it is about, or NULL (none, full). */
struct socket *socket_table_event(struct socket_table *t, const struct sock_event *ev,
				  struct slab_id *id);
void socket_table_advance(struct socket_table *t, int64_t now_ns); /* forget what closed long ago */

struct socket *socket_table_get(struct socket_table *t, struct slab_id id); /* or NULL */
struct socket *socket_table_by_cookie(struct socket_table *t, uint64_t cookie, struct slab_id *id);

/*
 * Visit sockets whose local end and remote end are these (a remote of port 0 asks for
 * unconnected sockets of that local end); *pos starts at 0; NULL ends.
 */
struct socket *socket_table_lookup(struct socket_table *t, uint8_t proto,
				   const struct endpoint *local, const struct endpoint *remote,
				   size_t *pos, struct slab_id *id);

uint32_t socket_table_count(const struct socket_table *t);
void socket_table_loss(const struct socket_table *t, struct loss *out); /* adds sockets_full */

/* The best-known user of a socket at a time: not provisional if any other; NULL when none. */
const struct socket_owner *socket_user(const struct socket *s, int64_t at_ns);

#endif
