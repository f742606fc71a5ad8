/* SPDX-License-Identifier: MIT
 *
 * Flows added up by what they have in common: a process, a host, a port, ...
 *
 * Some keys belong to an end: each end's process then gets what that end sent and received. The
 * others belong to the flow, whose originator's view is taken.
 */
#ifndef SOCKLENS_FLOW_GROUP_H
#define SOCKLENS_FLOW_GROUP_H

#include "base/loss.h"
#include "flow/rows/filter.h"

enum { GROUP_KEY_MAX = 256, GROUPS_MAX = 100000 };

/* What is counted for a flow, so that an interval can count what came since the one before. */
struct amounts {
	int64_t packets[2], bytes[2], payload[2], retransmissions[2]; /* by the sender: src, dst */
};

/*
 * As every row with fields: the id first, ROW_ABSENT and "" for what is unknown. The id is made of
 * the key and the seed alone, so that a group is found again among groups made anew.
 */
struct group_row {
	uint64_t id;
	int64_t start_ns; /* of the interval */
	char key[GROUP_KEY_MAX];
	int64_t flows, failed, packets, bytes, sent_bytes, received_bytes, payload_bytes;
	int64_t sent_bps, received_bps; /* live only */
	int64_t retransmissions;
	int64_t rtt_min, rtt_avg, rtt_max; /* of the flows' averages */
	int64_t first_ns, last_ns;
};

#define GROUP_FIELD_ROWS(X)                                                                        \
	X("start", start_ns, TIME, 15, "START", "beginning of the interval")                       \
	X("key", key, TEXT, 24, "KEY", "what the flows have in common")                            \
	X("flows", flows, INT, 6, "FLOWS", "flows")                                                \
	X("failed", failed, INT, 6, "FAILED", "of them refused, reset at once or never answered")  \
	X("packets", packets, INT, 7, "PKTS", "packets of both directions")                        \
	X("bytes", bytes, BYTES, 6, "BYTES", "frame bytes of both directions")                     \
	X("sent_bytes", sent_bytes, BYTES, 6, "SENT", "frame bytes sent")                          \
	X("received_bytes", received_bytes, BYTES, 6, "RECVD", "frame bytes received")             \
	X("sent_bps", sent_bps, BITRATE, 6, "UP", "bits a second sent, smoothed")                  \
	X("received_bps", received_bps, BITRATE, 6, "DOWN", "bits a second received, smoothed")    \
	X("payload_bytes", payload_bytes, BYTES, 6, "DATA", "payload of both directions")          \
	X("retransmissions", retransmissions, INT, 5, "RETX", "segments sent again")               \
	X("rtt_min", rtt_min, DURATION, 7, "MIN RTT", "smallest of the flows' round trips")        \
	X("rtt_avg", rtt_avg, DURATION, 6, "RTT", "average of them")                               \
	X("rtt_max", rtt_max, DURATION, 7, "MAX RTT", "largest of them")                           \
	X("first_ns", first_ns, INT, 19, "FIRST NS", "time of the first frame, ns since 1970")     \
	X("last_ns", last_ns, INT, 19, "LAST NS", "time of the last frame, ns since 1970")

extern const struct filter_table group_table;

/* By name; NULL when there is none. */
const struct field *group_field_find(const char *name);

/* A --group-by of its own name; any field and any short name of filters is one as well. */
struct group_key {
	const char *name;
	const char *fields; /* "src.process.name dst.process.name" */
	const char *help;
	bool ends; /* the two fields are those of the two ends; else the first that is known */
};
const struct group_key *group_keys(unsigned *count);

struct groups;

/*
 * 0; -EINVAL with what there is in *e; -ENOMEM. `by` NULL: one group of all. The seed makes the
 * order of the index unforeseeable (base/hash.h).
 */
int groups_new(struct groups **out, const char *by, uint64_t seed, struct err *e);
void groups_free(struct groups *g); /* accepts NULL */

/* Refused, reset at once or never answered. */
bool flow_failed(const struct flow_row *row);

struct amounts amounts_of(const struct flow_row *row);
/* Add a flow, less what was counted of it before (NULL = nothing); false when memory is short. */
bool groups_add(struct groups *g, const struct flow_row *row, const struct amounts *before);

/* Largest `by` first, ties by key: the i-th or NULL. Sorts at i = 0. */
const struct group_row *groups_get(struct groups *g, const struct filter_number *by, unsigned i);
/* In no order: i < groups_count. And by id, or NULL. */
unsigned groups_count(const struct groups *g);
const struct group_row *groups_at(const struct groups *g, unsigned i);
const struct group_row *groups_find(const struct groups *g, uint64_t id);
/* The interval that all rows are of. */
void groups_set_start(struct groups *g, int64_t start_ns);
void groups_clear(struct groups *g);
/* Flows that found no room among GROUPS_MAX keys are in a group of the key "(others)". */

#endif
