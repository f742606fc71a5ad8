/* SPDX-License-Identifier: MIT
 *
 * What the kernel's TCP told of one socket (SOCK_EVENT_INFO): the last sample, and what only the
 * series of them tells: where the data ends and for how long something was stuck.
 *
 * Sequence numbers are those on the wire (RFC 9293 3.4). Within one sample they are less than 2^30
 * apart, so differences are exact; positions past 4 GiB come from the 64-bit totals
 * (flow/join/ledger.h).
 */
#ifndef SOCKLENS_FLOW_TCP_INFO_H
#define SOCKLENS_FLOW_TCP_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/sock_event.h"

enum { TCP_INFO_FULL = 4 };

struct tcp_info_kept {
	int64_t time_ns;	/* of the last sample, wall clock; 0 = there was none */
	int64_t established_ns; /* of the sample that said so; 0 = none did */
	int64_t unread_ns; /* time that data lay in the receive queue, between samples that say so
			    */
	int64_t window_ns; /* of rwnd_limited_ms: what segments sent again do not explain */
	/* Of a listener: when its accept queue was full or turned somebody away; the latest first.
	 */
	struct {
		int64_t since_ns, until_ns;
	} full[TCP_INFO_FULL];
	uint32_t busy_ms, rwnd_limited_ms, sndbuf_limited_ms; /* as in the kernel: sums so far */
	uint32_t srtt_us, rtt_min_us, rto_us;
	uint32_t cwnd, mss, peer_window_bytes;
	uint32_t write_seq, snd_nxt, snd_una, rcv_nxt, copied_seq;
	uint32_t first_sent, first_read; /* numbers of the first byte each way, with has_first */
	uint32_t retransmits, drops;
	uint32_t fin_seq; /* number of the FIN that was sent: where the data ends */
	uint16_t backlog, backlog_max;
	uint8_t state; /* as in the kernel */
	bool has_fin;
	bool has_first;
};

/* Take a sample; its time is wall-clock already. true when it tells the first numbers. */
bool tcp_info_note(struct tcp_info_kept *k, const struct sock_event *ev);

/* Bytes written and not sent, sent and not acknowledged, arrived and not read, at the last sample.
 */
uint32_t tcp_info_queued(const struct tcp_info_kept *k);
uint32_t tcp_info_in_flight(const struct tcp_info_kept *k);
uint32_t tcp_info_unread(const struct tcp_info_kept *k);

/* A listener's accept queue: at the last sample, and at any time from begin to end as far as is
 * kept. */
bool tcp_info_is_full(const struct tcp_info_kept *k);
bool tcp_info_was_full(const struct tcp_info_kept *k, int64_t begin_ns, int64_t end_ns);

#endif
