/* SPDX-License-Identifier: MIT
 *
 * Sockets as the probe tells of them: keyed by cookie, with every owner they had and when.
 *
 * The life of a slot: live -> lingering (closed; still found by address, since frames and events of
 * one moment arrive in either order) -> forgotten (found by id only, so that the flows bound to it
 * keep their process) -> recycled, oldest first, when the table is full. A reused tuple is a new
 * socket and inherits nothing.
 */
#ifndef SOCKLENS_FLOW_SOCKET_H
#define SOCKLENS_FLOW_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/loss.h"
#include "base/slab.h"
#include "bpf/sock_event.h"
#include "flow/join/delays.h"
#include "flow/join/owner.h"
#include "flow/tcp/tcp_info.h"

/* What is known of a Unix socket (SOCK_EVENT_UNIX). */
struct unix_facts {
	uint64_t peer;	   /* cookie of the socket at the other end; 0 = none, or unknown */
	uint32_t peer_pid; /* who made that; 0 = unknown */
	bool of_peer;	   /* the name is the other end's */
	uint8_t name_len;  /* 0 = none */
	char name[108];	   /* raw; begins with NUL when it is abstract */
};

struct socket {
	uint64_t cookie;
	int64_t birth_ns;	       /* wall clock; 0 = unknown or before the probe */
	int64_t death_ns;	       /* 0 = lives */
	int64_t seen_ns;	       /* when it was first told of */
	struct endpoint local, remote; /* remote port 0 = unconnected */
	uint32_t netns;
	uint16_t family;
	uint8_t proto, type, tcp_state;
	bool listener, passive;
	bool older; /* than the probe, which found it */
	bool has_totals;
	bool news;	/* the last event changed more than totals */
	uint32_t peers; /* remote ends ever used beside the present one */
	struct owner_list owners;
	uint32_t flows; /* flow ends that were ever bound to it */
	uint64_t tx_bytes, rx_bytes, acked_bytes, received_bytes;
	uint32_t tx_calls, rx_calls, tx_errors, rx_errors;
	uint32_t unread_bytes, unsent_bytes, srtt_us, retransmits, drops;
	uint32_t error; /* errno of the last call that failed; 0 none */
	uint32_t failures; /* attempts to connect that failed, datagrams that were refused */
	bool failed;	   /* the last attempt to connect did, and nothing has come since */
	bool in_scope; /* of those that were asked for: sticks once it is true */
	bool no_cookie; /* its key is another: see SOCK_FLAG_NO_COOKIE */
	bool stand_in;	/* see SOCK_FLAG_STAND_IN: its key, birth and death are made up */
	int64_t totals_ns;	       /* when totals were last told */
	int64_t tx_bps, rx_bps;	       /* bits a second at that time */
	struct unix_facts *un; /* owned by the table; NULL unless told */
	struct tcp_info_kept info;     /* of TCP */
	struct delays delays;
	int64_t connect_ns; /* when connect was called, if that was seen; 0 = not */
};

struct socket_table;

struct socket_table_options {
	uint32_t max_sockets;	   /* 0 = default */
	uint32_t max_peers;	   /* datagram peers, all sockets together; 0 = max_sockets */
	uint32_t max_socket_peers; /* of one socket; 0 = default */
	int64_t keep_closed_ns;	   /* 0 = default (5 s) */
	/* A socket is about to be forgotten: its last chance to be told of. */
	void (*on_end)(void *ctx, const struct socket *s, struct slab_id id);
	void *ctx;
};

struct socket_table *socket_table_new(const struct socket_table_options *o); /* NULL = no memory */
void socket_table_free(struct socket_table *t);				     /* accepts NULL */

/* Take one event, its time already wall-clock. The socket it is about, or NULL (none, full). */
struct socket *socket_table_event(struct socket_table *t, const struct sock_event *ev,
				  struct slab_id *id);
void socket_table_advance(struct socket_table *t, int64_t now_ns); /* forget what closed long ago */

/* Forgotten sockets included; NULL when recycled. */
struct socket *socket_table_get(struct socket_table *t, struct slab_id id);
struct socket *socket_table_by_cookie(struct socket_table *t, uint64_t cookie, struct slab_id *id);

/* The socket at the other end of a Unix socket; NULL when it is not known. */
const struct socket *socket_table_peer(const struct socket_table *t, const struct socket *s);

/*
 * Visit sockets whose local end and remote end are these (a remote of port 0 asks for
 * unconnected sockets of that local end); *pos starts at 0; NULL ends.
 */
struct socket *socket_table_lookup(struct socket_table *t, uint8_t proto,
				   const struct endpoint *local, const struct endpoint *remote,
				   size_t *pos, struct slab_id *id);

/* Walk live and lingering sockets in slot order: *slot starts at 0; NULL ends. */
struct socket *socket_table_next(struct socket_table *t, uint32_t *slot, struct slab_id *id);

uint32_t socket_table_count(const struct socket_table *t);		/* of that walk */
uint64_t socket_table_total(const struct socket_table *t);		/* sockets ever */
void socket_table_loss(const struct socket_table *t, struct loss *out); /* adds sockets_full */

/* The best-known user of a socket at a time: not provisional if any other; NULL when none. */
const struct socket_owner *socket_user(const struct socket *s, int64_t at_ns);

/* UDP and its kin: one socket, many remote ends. */
bool socket_is_datagram(const struct socket *s);

#endif
