/* SPDX-License-Identifier: MIT
 *
 * A flow as plain values: what the dashboard shows and what every exporter writes. Made by the
 * engine from its tables, owning everything it holds, so that readers never touch live data.
 *
 * Absent means unknown, zero means measured zero: numbers use ROW_ABSENT, texts use "".
 */
#ifndef SOCKLENS_FLOW_ROW_H
#define SOCKLENS_FLOW_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/loss.h"
#include "decode/app.h"
#include "decode/packet.h"
#include "decode/sdp.h"

#define ROW_ABSENT INT64_MIN

/* Counters of METRICS.md's TCP analysis, per direction; names as in the flow record. */
#define TCP_COUNTER_ROWS(X)                                                                        \
	X(RETRANSMISSION, retransmission, "segments sent again (all kinds)")                          \
	X(FAST_RETRANSMISSION, fast_retransmission, "sent again after duplicate acks")                \
	X(SPURIOUS_RETRANSMISSION, spurious_retransmission, "sent again though acknowledged")         \
	X(OUT_OF_ORDER, out_of_order, "segments that came late but not again")                        \
	X(DUPLICATE_ACK, duplicate_ack, "acks repeated, asking for a lost segment")                   \
	X(LOST_SEGMENT, lost_segment, "holes in front of a segment")                                  \
	X(ACK_LOST_SEGMENT, ack_lost_segment, "acks of data that was not captured")                   \
	X(ZERO_WINDOW, zero_window, "segments that closed the window")                                \
	X(ZERO_WINDOW_PROBE, zero_window_probe, "probes of a closed window")                          \
	X(ZERO_WINDOW_PROBE_ACK, zero_window_probe_ack, "answers to such probes")                     \
	X(WINDOW_FULL, window_full, "segments that filled the peer's window")                         \
	X(WINDOW_UPDATE, window_update, "acks that only moved the window")                            \
	X(KEEP_ALIVE, keep_alive, "keep-alive probes")                                                \
	X(KEEP_ALIVE_ACK, keep_alive_ack, "answers to keep-alive probes")

enum tcp_counter {
#define X(id, name, help) TCP_COUNT_##id,
	TCP_COUNTER_ROWS(X)
#undef X
	TCP_COUNTERS
};

/* How sure a binding of a flow end to a socket is (docs/ARCHITECTURE.md, correlation). */
#define MATCH_ROWS(X)                                                                              \
	X(NONE, "none")                                                                               \
	X(WILDCARD, "wildcard") /* by local port of an unconnected socket */                             \
	X(SNAPSHOT, "snapshot") /* socket existed before the probe; owner from an iterator */            \
	X(EXACT, "exact")	/* 5-tuple of a socket whose owner made a system call on it */

enum match_quality {
#define X(id, name) MATCH_##id,
	MATCH_ROWS(X)
#undef X
};

/* Why there is no process; names are the "reason" of the flow record. */
#define UNBOUND_ROWS(X)                                                                            \
	X(NONE, "")                                                                                   \
	X(NO_PROBE, "no_probe")	      /* frames only: a capture file, or no privilege */                 \
	X(PENDING, "pending")	      /* younger than the pending time: may still arrive */              \
	X(REMOTE, "remote")	      /* the address is not of this machine */                           \
	X(NO_SOCKET, "no_socket")      /* local address, but no socket was seen */                       \
	X(NO_OWNER, "no_owner")	      /* socket known, no process used it (kernel, orphan) */            \
	X(AMBIGUOUS, "ambiguous")      /* sockets of several namespaces have this tuple */               \
	X(LOST, "lost")		      /* events were lost meanwhile */                                   \
	X(OUT_OF_SCOPE, "out_of_scope") /* no socket of those that were asked for (bpf/scope.h) */            \
	X(NO_PORTS, "no_ports")	      /* not a protocol of ports */

enum unbound_reason {
#define X(id, name) UNBOUND_##id,
	UNBOUND_ROWS(X)
#undef X
};

const char *match_name(enum match_quality m);
const char *unbound_name(enum unbound_reason r);

enum { ROW_NAME_MAX = 64, ROW_PATH_MAX = 256, ROW_HISTORY_MAX = 32 };
enum { ROW_USER_MAX = 40, ROW_PARENTS_MAX = 128 };
enum { ROW_TEXTS_MAX = 12 * 1024 };

struct process_row {
	int64_t pid, tid, uid, fd; /* ROW_ABSENT when unknown */
	int64_t netns;		   /* inode */
	int64_t cgroup;		   /* cgroup v2 id */
	int64_t ppid;
	int64_t owners; /* processes that used the socket; 1 is the usual case */
	char name[ROW_NAME_MAX];   /* printable, as all that follow */
	char exe[ROW_PATH_MAX];
	char cmdline[ROW_PATH_MAX]; /* arguments joined by blanks, cut at this length */
	char parents[ROW_PARENTS_MAX]; /* "bash[812] sshd[640]": the parent first */
	char user[ROW_USER_MAX];
	char cgroup_path[ROW_PATH_MAX];
	char container[ROW_NAME_MAX]; /* "docker:0123456789ab" */
	char pod[ROW_USER_MAX];	      /* Kubernetes: the pod's uid */
	char netns_name[ROW_NAME_MAX];
	uint8_t match;		   /* enum match_quality */
	uint8_t reason;		   /* enum unbound_reason */
};

/* Nothing known, for this reason. */
void process_row_absent(struct process_row *p, uint8_t reason);

struct ledger_row { /* bytes; ROW_ABSENT when unknown: flow/join/ledger.h */
	int64_t written, queued, sent, retransmitted, in_flight, acked, lost;
	int64_t arrived, unread, read;
};

struct seq_row { /* sequence numbers as on the wire; ROW_ABSENT when unknown: flow/join/ledger.h */
	int64_t first, next; /* of the end's data, by frames */
	int64_t write_seq, snd_nxt, snd_una, rcv_nxt, copied_seq; /* by its socket */
};

struct delay_row { /* ns; flow/join/delays.h; ROW_ABSENT without a socket that tells */
	int64_t connect, accept;
	int64_t send_avg, send_max, read_avg, read_max;
	int64_t think_avg, think_max, thinks;
};

struct verdict_row { /* flow/join/verdict.h; "" and ROW_ABSENT unless TCP */
	char waits_for[12], evidence[20];
	int64_t app_ns, receiver_ns, network_ns, peer_ns, unknown_ns;
	int64_t loss_ns;       /* of network_ns */
	int64_t unanswered_ns; /* of unknown_ns; no field */
};

struct window_row { /* the receive window that an end offers; ROW_ABSENT when unknown */
	int64_t min_bytes, max_bytes; /* scaled */
	int64_t zero_ns;	      /* time that it was closed */
	int64_t full_ns;	      /* time that the peer had filled it */
};

struct half_rtt_row { /* between the tap and an end */
	int64_t min, avg, max, samples; /* ns; ROW_ABSENT without samples */
};

struct sack_row { /* flow/tcp/sack.h; ROW_ABSENT unless TCP */
	int64_t sacked_bytes, dsack, dsack_bytes, needless_retransmission;
};

struct rtp_row { /* the largest stream that an end sent; ROW_ABSENT and "" when unknown */
	int64_t ssrc, payload_type, streams, packets;
	int64_t lost, out_of_order, duplicates;
	int64_t jitter_ns, jitter_max_ns, clock_hz;
	char codec[SDP_NAME_MAX];
};

struct sctp_row { /* flow/app/sctp_flow.h; ROW_ABSENT and 0 when unknown */
	int64_t tag, streams_out, streams_in, data_chunks;
	uint16_t addresses; /* place in the row's texts */
};

struct reordering_row { /* decode/reordering.h; ROW_ABSENT unless TCP or RTP */
	int64_t packets, ratio_ppm, extent_max, triple;
};

struct http_row { /* flow/app/http_flow.h; ROW_ABSENT unless HTTP/1 */
	int64_t requests, responses, unanswered, last_status;
	int64_t delay_min_ns, delay_avg_ns, delay_max_ns;
};

struct dns_row { /* ROW_ABSENT unless DNS */
	int64_t queries, answers, unanswered;
	int64_t rcode;				      /* of the last response */
	int64_t delay_min_ns, delay_avg_ns, delay_max_ns; /* query to response */
};

struct flow_end_row {
	struct addr addr;
	int64_t port; /* ROW_ABSENT for protocols without ports */
	int64_t packets, bytes, ip_bytes, payload_bytes, fragments;
	int64_t tcp[TCP_COUNTERS]; /* ROW_ABSENT unless TCP */
	int64_t missing_bytes;	   /* gaps never filled */
	int64_t retransmitted_bytes;
	struct sack_row sack;
	char delivery[12], delivery_reason[16]; /* flow/tcp/delivery.h; "" unless TCP */
	int64_t undelivered_bytes;
	int64_t in_flight_max; /* bytes sent and not acknowledged, at most */
	struct window_row window;
	struct half_rtt_row rtt_ns;
	struct rtp_row rtp;
	struct reordering_row reordering;
	struct sctp_row sctp;
	struct process_row process;
	struct ledger_row ledger;
	struct seq_row seq;
	struct delay_row delay;
	int64_t rate_bps; /* bits a second sent by this end, smoothed; live only */
	bool no_socket;	  /* a hint for writers: but match and reason all that a socket tells is absent */
	uint16_t name;	  /* what an answer on the wire called it: place in the row's texts */
};

/* How the originator was found; names as in the flow record. */
#define ORIGINATOR_ROWS(X)                                                                         \
	X(SYN, "syn")                                                                                 \
	X(CONNECT, "connect")                                                                         \
	X(PORT, "port")                                                                               \
	X(FIRST, "first")

enum originator {
#define X(id, name) ORIGINATOR_##id,
	ORIGINATOR_ROWS(X)
#undef X
};

struct flow_row {
	uint64_t id; /* slot << 32 | generation: stable while the flow lives */
	char community_id[40];
	int64_t start_ns, end_ns, duration_ns; /* wall clock */
	struct flow_end_row src, dst;	       /* originator, responder */
	uint8_t proto, ip_version;
	uint8_t originator;		       /* enum originator */
	bool closed;			       /* ended or timed out; fades in the dashboard */
	/*
	 * A hint for writers: TCP to which nothing odd happened and whose messages are not
	 * followed. All of tcp, sack and reordering is zero; rtp, sctp, mptcp, http, dns and
	 * quic_rtt_ns are absent.
	 */
	bool plain;
	char state[8];			       /* Zeek's conn_state */
	char history[ROW_HISTORY_MAX];	       /* Zeek's history letters */
	char end_reason[12];		       /* fin, rst, idle, end, cap */
	char problem[16];		       /* flow/rows/problem.h; "" = none */
	int64_t icmp_type, icmp_code, icmp_errors;
	struct {
		int64_t handshake, min, avg, max, samples; /* ns */
	} rtt_ns;
	struct half_rtt_row
		quic_rtt_ns; /* whole round trips by the spin bit (flow/app/quic_flow.h) */
	int64_t mptcp_token; /* ROW_ABSENT unless multipath TCP */
	char mptcp_parent[17];
	char sctp_state[12];
	char sctp_parent[17]; /* the association's first flow, when that is another one */
	struct dns_row dns;
	struct verdict_row verdict;
	struct http_row http;
	char interface[ROW_NAME_MAX];
	char app[16];
	uint16_t fact[FACT_KINDS]; /* what the payload told: places in texts */
	uint8_t vlan_count, tunnel_count;
	uint16_t vlan[PACKET_MAX_VLANS];
	struct tunnel tunnel[PACKET_MAX_TUNNELS];
	uint16_t texts_len;
	char texts[ROW_TEXTS_MAX]; /* printable, NUL after each; at place 0 is "", for what is absent */
};

/* A flow in brief, to decide whether its row is wanted. */
struct flow_brief {
	uint64_t id;
	int64_t start_ns, last_ns;
};

static inline const char *row_fact(const struct flow_row *row, enum fact_kind kind)
{
	return row->texts + row->fact[kind];
}

struct reordering;
/* Of a direction that sent so many packets in all. */
void row_put_reordering(struct reordering_row *out, const struct reordering *r, int64_t packets);

void row_clear_texts(struct flow_row *row);
/* Add a text: its place, or 0 when there is no room. */
uint16_t row_put_text(struct flow_row *row, const char *text, size_t n);
/* Append to the text put last; nothing when there is no room. */
void row_more_text(struct flow_row *row, char separator, const char *text, size_t n);

struct delay_histograms;

struct tunnel_total {
	struct tunnel tunnel; /* ends as the first packet had them */
	int64_t packets, bytes;
};
enum { TUNNEL_TOTALS_MAX = 1024 };

/* The last line of every report, and the health view. */
struct summary_row {
	int64_t packets, flow_packets, other_packets;
	int64_t other[PACKET_OTHER_COUNT]; /* PACKET_IN_FLOW unused */
	int64_t anomalies[ANOMALY_COUNT];
	int64_t bytes;		  /* on the wire */
	int64_t flows;		  /* ever */
	int64_t live_flows;
	int64_t hidden;		  /* flows that a filter left out of the report */
	int64_t out_of_scope;	  /* of the flows, those left out; ROW_ABSENT without a scope */
	int64_t sockets, events;  /* ROW_ABSENT without a probe */
	int64_t first_ns, last_ns; /* ROW_ABSENT without packets */
	const struct tunnel_total *tunnels; /* of the engine: for reports, at the end of a run only */
	unsigned tunnel_count;
	const struct delay_histograms *delays; /* NULL = none; as the tunnels */
	struct loss loss;
	char probe[160];	  /* plan and blind spots, or why there is none */
};

/* Add another run's, all but its tunnels and delays. */
void summary_add(struct summary_row *to, const struct summary_row *more);

#endif
