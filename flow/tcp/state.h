/* SPDX-License-Identifier: MIT
 *
 * Zeek's view of a TCP connection: a small state machine for each end, and from both the
 * conn_state of conn.log (S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH) and the history
 * letters. Meanings: Zeek's documentation of the Conn::Info record.
 */
#ifndef SOCKLENS_FLOW_STATE_H
#define SOCKLENS_FLOW_STATE_H

#include <stdbool.h>

#include "decode/packet.h"
#include "flow/flow.h"
#include "flow/tcp/tcp.h"

struct flow_table;

enum end_state {
	END_INACTIVE,
	END_SYN_SENT,
	END_SYN_ACK_SENT,
	END_PARTIAL, /* seen, but not its beginning */
	END_ESTABLISHED,
	END_CLOSED, /* sent FIN */
	END_RESET,  /* sent RST */
};

/* Letters that stand once a direction, unless the segment differs; bits of tcp_track.letters. */
enum {
	HISTORY_SYN = 1,
	HISTORY_FIN = 2,
	HISTORY_RST = 4,
	HISTORY_DATA = 8,
	HISTORY_ACK = 16,
	HISTORY_MULTI = 32, /* SYN with FIN or RST */
	HISTORY_FIN_RST = 64,
};

/*
 * One segment of direction d; `rare` is only asked for when its counts or letters are needed.
 * Call before the sequence analysis moves next_seq.
 */
void state_segment(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
		   const struct packet *p);

/* Most segments of an open connection are news for neither the state nor the history. */
static inline bool state_is_routine(const struct tcp_track *k, int d, const struct packet *p)
{
	uint8_t bit = p->payload_bytes ? HISTORY_DATA : HISTORY_ACK;
	bool old_data = p->payload_bytes && k->next_seq[d] &&
			!seq_after(p->tcp.seq + p->payload_bytes, k->next_seq[d]);

	return !(p->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST)) && k->letters[d] & bit &&
	       (k->state[d] & 15) != END_INACTIVE && p->tcp.window && !old_data &&
	       !(p->anomalies & ANOMALY_BIT(ANOMALY_L4_CHECKSUM));
}

/* The same of the SYN that begins a connection (flow/tcp/tcp_first.h): its originator sent it. */
void state_first_syn(struct flow_cold *c, int d);

/* A hole that the receiver acknowledged all the same: letter G of the sender. */
void state_gap(struct flow_table *t, struct flow *f, struct flow_cold *c, int d);

/* Both ends said FIN, or one said RST. */
bool state_closed(const struct flow_cold *c);
bool state_reset(const struct flow_cold *c); /* the latter */

/* Closed, and nothing is left to be sent again: each FIN was acknowledged, or there was a RST. */
bool state_settled(const struct flow_cold *c);

/* Text of a row; `out` as in struct flow_row. Protocols other than TCP have states, too. */
void state_name(char out[8], const struct flow *f, const struct flow_cold *c);
void state_history(char out[ROW_HISTORY_MAX], const struct flow *f, const struct flow_cold *c,
		   const struct flow_rare *r);

#endif
