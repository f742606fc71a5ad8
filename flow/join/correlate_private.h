/* SPDX-License-Identifier: MIT
 *
 * What the correlator's own files share: joining (correlate.c) and telling (correlate_rows.c).
 */
#ifndef SOCKLENS_FLOW_CORRELATE_PRIVATE_H
#define SOCKLENS_FLOW_CORRELATE_PRIVATE_H

#include "flow/join/correlate.h"
#include "flow/join/local.h"
#include "flow/join/pending.h"

struct correlator {
	struct correlator_options options;
	struct flow_table *flows; /* borrowed */
	struct socket_table *sockets;
	struct identities known;
	struct local_addrs local;
	struct pending pending;
	struct delay_histograms delays; /* of all sockets */
	bool probed;
	bool all_in_scope;
	int64_t now_ns;
	int64_t loss_ns; /* when losses last rose */
	uint64_t lost;	 /* events lost by the probe and by the socket table */
	uint64_t pending_lost;
	uint64_t events;
};

/* TCP, UDP and the like; not fragments without their first. */
bool correlator_has_ports(const struct flow_key *k);

/* Tell of a socket, if anybody listens and it was asked for. */
void correlator_tell_socket(struct correlator *c, const struct socket *s, struct slab_id id);
/* It is gone for good: tell of it, and let its process keep in mind what it did. */
void correlator_socket_gone(struct correlator *c, const struct socket *s, struct slab_id id);

#endif
