/* SPDX-License-Identifier: MIT
 *
 * Minimal segment sequences, one a rule of the TCP analysis, and what tshark 4.0.17 counts in each
 * (the same sequence written to a capture; fields tcp.analysis.*).
 */
#ifndef TESTS_UNIT_FLOW_TCP_CASES_H
#define TESTS_UNIT_FLOW_TCP_CASES_H

#include "packets.h"

struct analysis_case {
	const char *name;
	const struct segment_row *rows;
	unsigned count;
	uint32_t want[2][TCP_COUNTERS];
};

enum { FIN = TCP_FIN, SYN = TCP_SYN, RST = TCP_RST, PSH = TCP_PSH, ACK = TCP_ACK };

/* 20 ms, without window scaling. */
#define HANDSHAKE                                                                                  \
	{0, A, SYN, 99, 0, 0, 1000, 0}, {10, B, SYN | ACK, 499, 100, 0, 1000, 0},                     \
		{20, A, ACK, 100, 500, 0, 1000, 0}

/* a handshake and data: nothing to mark */
static const struct segment_row clean[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{40, B, ACK, 500, 200, 0, 1000, 0},
};

/* rule 3: a hole; a RST beyond it is none */
static const struct segment_row lost_segment[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 300, 500, 100, 1000, 0},
	{40, A, RST | ACK, 900, 500, 0, 0, 0},
};

/* rule 11d: an old segment after the handshake RTT */
static const struct segment_row retransmission[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{60, A, ACK | PSH, 100, 500, 100, 1000, 0},
};

/* rule 11c: an old segment within the handshake RTT that does not end the data */
static const struct segment_row out_of_order[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 200, 500, 100, 1000, 0},
	{31, A, ACK | PSH, 100, 500, 100, 1000, 0},
};

/* rule 11c: one that ends where the data ends was sent again */
static const struct segment_row same_end_is_no_reordering[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{31, A, ACK | PSH, 100, 500, 100, 1000, 0},
};

/* rule 11c: 3 ms when no handshake was seen */
static const struct segment_row reordering_without_handshake[] = {
	{0, A, ACK | PSH, 200, 500, 100, 1000, 0},
	{2, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{3.5, A, ACK | PSH, 150, 500, 20, 1000, 0},
};

/* rule 11c: a time before is no reordering */
static const struct segment_row clock_backwards[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{29, A, ACK | PSH, 150, 500, 10, 1000, 0},
};

/* rule 11: more than one byte, one before the next: new data after a probe */
static const struct segment_row one_byte_back[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 99, 500, 10, 1000, 0},
};

/* rule 11a: sent again though acknowledged */
static const struct segment_row spurious[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{35, B, ACK, 500, 200, 0, 1000, 0},
	{60, A, ACK | PSH, 100, 500, 100, 1000, 0},
};

/* rule 11b: two duplicate acks, then the segment they ask for within 20 ms */
static const struct segment_row fast_retransmission[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{31, A, ACK | PSH, 300, 500, 100, 1000, 0},
	{32, B, ACK, 500, 200, 0, 1000, 0},
	{33, B, ACK, 500, 200, 0, 1000, 0},
	{34, B, ACK, 500, 200, 0, 1000, 0},
	{52, A, ACK | PSH, 200, 500, 100, 1000, 0},
};

/* rule 11b: the same 20 ms later is a plain one */
static const struct segment_row late_fast_retransmission[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{31, A, ACK | PSH, 300, 500, 100, 1000, 0},
	{32, B, ACK, 500, 200, 0, 1000, 0},
	{33, B, ACK, 500, 200, 0, 1000, 0},
	{34, B, ACK, 500, 200, 0, 1000, 0},
	{54, A, ACK | PSH, 200, 500, 100, 1000, 0},
};

/* rule 11b: one is not enough */
static const struct segment_row one_duplicate_ack[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{31, A, ACK | PSH, 300, 500, 100, 1000, 0},
	{32, B, ACK, 500, 200, 0, 1000, 0},
	{33, B, ACK, 500, 200, 0, 1000, 0},
	{34, A, ACK | PSH, 200, 500, 100, 1000, 0},
};

/* rule 11b: a mark of an unseen segment counts as duplicate acks */
static const struct segment_row unseen_ack_then_fast[] = {
	HANDSHAKE,
	{22, A, ACK, 100, 510, 0, 1000, 0},
	{23, B, ACK | PSH, 490, 100, 20, 1000, 0},
	{24, B, ACK | PSH, 800, 100, 20, 1000, 0},
	{25, A, ACK, 100, 600, 0, 1000, 0},
	{26, B, ACK | PSH, 600, 100, 20, 1000, 0},
	{27, A, ACK, 100, 900, 0, 1000, 0},
	{28, B, ACK, 820, 900, 0, 1000, 0},
	{29, A, ACK | PSH, 100, 900, 10, 1000, 0},
	{30, A, ACK | PSH, 100, 900, 10, 1000, 0},
};

/* rule 11b: ... and the first oddity of a flow may be such a mark: the ack before it had moved */
static const struct segment_row first_mark_is_fast[] = {
	{0, A, ACK | PSH, 100, 500, 27, 1000, 0},
	{10, B, ACK, 500, 127, 0, 1000, 0},
	{12, A, ACK | PSH, 127, 500, 10, 1000, 0},
	{13, A, ACK | PSH, 127, 501, 10, 1000, 0},
};

/* rule 11b: or after a handshake, long after the last data of the other end */
static const struct segment_row first_mark_is_fast_later[] = {
	HANDSHAKE,
	{22, A, ACK | PSH, 100, 500, 27, 1000, 0},
	{40, B, ACK, 500, 127, 0, 1000, 0},
	{41, A, ACK | PSH, 127, 500, 10, 1000, 0},
	{59, A, ACK | PSH, 127, 501, 10, 1000, 0},
};

/* rule 11b: the same, more than 20 ms after the ack */
static const struct segment_row first_mark_is_late[] = {
	{0, A, ACK | PSH, 100, 500, 27, 1000, 0},
	{10, B, ACK, 500, 127, 0, 1000, 0},
	{12, A, ACK | PSH, 127, 500, 10, 1000, 0},
	{33, A, ACK | PSH, 127, 501, 10, 1000, 0},
};

/* SYN, SYN-ACK and FIN count as data */
static const struct segment_row syn_and_fin_again[] = {
	{0, A, SYN, 99, 0, 0, 1000, 0},
	{1000, A, SYN, 99, 0, 0, 1000, 0},
	{1010, B, SYN | ACK, 499, 100, 0, 1000, 0},
	{2010, B, SYN | ACK, 499, 100, 0, 1000, 0},
	{2020, A, ACK, 100, 500, 0, 1000, 0},
	{2030, A, ACK | FIN, 100, 500, 0, 1000, 0},
	{2031, A, ACK | FIN, 100, 500, 0, 1000, 0},
};

/* rules 4 and 7: empty, and with a byte, and their answers */
static const struct segment_row keep_alive[] = {
	HANDSHAKE,
	{1000, A, ACK, 99, 500, 0, 1000, 0},
	{1001, B, ACK, 500, 100, 0, 1000, 0},
	{2000, A, ACK, 99, 500, 1, 1000, 0},
	{2001, B, ACK, 500, 100, 0, 1000, 0},
};

/* rule 4: before anything is known the rule still looks at next - 1 */
static const struct segment_row keep_alive_first[] = {
	{0, A, ACK, 0xffffffff, 500, 0, 1000, 0},
};

/* rule 9: same numbers, same window */
static const struct segment_row duplicate_acks[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 200, 500, 100, 1000, 0},
	{31, B, ACK, 500, 100, 0, 1000, 0},
	{32, B, ACK, 500, 100, 0, 1000, 0},
	{33, B, ACK, 500, 100, 0, 1000, 0},
};

/* rule 5: only the window moves */
static const struct segment_row window_update[] = {
	HANDSHAKE,
	{30, B, ACK, 500, 100, 0, 1000, 0},
	{31, B, ACK, 500, 100, 0, 2000, 0},
	{32, B, ACK, 500, 100, 0, 2000, 0},
};

/* rules 2, 1 and 8: closed, probed, answered, probed again, opened */
static const struct segment_row zero_window[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{40, B, ACK, 500, 200, 0, 0, 0},
	{100, A, ACK, 200, 500, 1, 1000, 0},
	{101, B, ACK, 500, 200, 0, 0, 0},
	{200, A, ACK, 200, 500, 1, 1000, 0},
	{201, B, ACK, 500, 201, 0, 1000, 0},
	{210, A, ACK, 201, 500, 10, 1000, 0},
};

/* rule 2: not with RST */
static const struct segment_row zero_window_rst[] = {
	HANDSHAKE,
	{30, B, RST | ACK, 500, 100, 0, 0, 0},
};

/* rule 1: a window that was not seen is not closed */
static const struct segment_row unknown_window[] = {
	{0, A, ACK | PSH, 100, 500, 10, 0, 0},
	{1, A, ACK | PSH, 110, 500, 1, 0, 0},
};

/* rule 6, scaling offered by both: 1000 << 2 */
static const struct segment_row window_full[] = {
	{0, A, SYN, 99, 0, 0, 1000, 4},
	{10, B, SYN | ACK, 499, 100, 0, 1000, 3},
	{20, A, ACK, 100, 500, 0, 1000, 0},
	{21, B, ACK, 500, 100, 0, 500, 0},
	{30, A, ACK | PSH, 100, 500, 1000, 1000, 0},
	{31, A, ACK | PSH, 1100, 500, 1000, 1000, 0},
};

/* rule 6, no scaling */
static const struct segment_row window_full_unscaled[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 1000, 1000, 0},
};

/* rule 6: scaling offered by one end only is none */
static const struct segment_row window_full_one_sided[] = {
	{0, A, SYN, 99, 0, 0, 1000, 8},
	{10, B, SYN | ACK, 499, 100, 0, 1000, 0},
	{20, A, ACK, 100, 500, 0, 1000, 0},
	{21, B, ACK, 500, 100, 0, 500, 0},
	{30, A, ACK | PSH, 100, 500, 500, 1000, 0},
};

/* rule 6: offered only in the answer is none either */
static const struct segment_row window_full_answer_only[] = {
	{0, A, SYN, 99, 0, 0, 1000, 0},
	{10, B, SYN | ACK, 499, 100, 0, 1000, 8},
	{20, A, ACK, 100, 500, 0, 1000, 0},
	{21, B, ACK, 500, 100, 0, 500, 0},
	{30, A, ACK | PSH, 100, 500, 500, 1000, 0},
};

/* rule 6: the window of a SYN is not scaled */
static const struct segment_row window_full_first_ack[] = {
	{0, A, SYN, 99, 0, 0, 1000, 8},
	{10, B, SYN | ACK, 499, 100, 0, 1000, 8},
	{20, A, ACK, 100, 500, 0, 1000, 0},
	{30, A, ACK | PSH, 100, 500, 1000, 1000, 0},
};

/* rule 6: not without the handshake */
static const struct segment_row window_full_unknown[] = {
	{0, B, ACK, 500, 100, 0, 100, 0},
	{1, A, ACK | PSH, 100, 500, 100, 1000, 0},
};

/* rule 10: once a hole */
static const struct segment_row ack_lost_segment[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{31, A, ACK | PSH, 300, 500, 100, 1000, 0},
	{40, B, ACK, 500, 400, 0, 1000, 0},
	{41, B, ACK, 500, 500, 0, 1000, 0},
	{42, B, ACK, 500, 600, 0, 1000, 0},
	{43, B, ACK, 500, 700, 0, 1000, 0},
	{50, A, ACK | PSH, 600, 500, 100, 1000, 0},
	{51, B, ACK, 500, 800, 0, 1000, 0},
};

/* rule 10: a probe that was taken */
static const struct segment_row ack_lost_probe[] = {
	HANDSHAKE,
	{30, B, ACK, 500, 100, 0, 0, 0},
	{40, A, ACK, 100, 500, 1, 1000, 0},
	{41, B, ACK, 500, 101, 0, 0, 0},
	{50, A, ACK, 101, 500, 1, 1000, 0},
	{51, B, ACK, 500, 102, 0, 1000, 0},
	{52, A, ACK, 102, 500, 10, 1000, 0},
};

/* a SYN-ACK with another number stays in the flow */
static const struct segment_row synack_other_number[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{31, B, SYN | ACK, 899, 200, 0, 1000, 0},
	{32, A, ACK | PSH, 200, 900, 100, 1000, 0},
};

/* the same SYN after RST is sent again, not a new flow */
static const struct segment_row syn_same_number_after_rst[] = {
	HANDSHAKE,
	{30, A, RST | ACK, 100, 500, 0, 0, 0},
	{40, A, SYN, 99, 0, 0, 1000, 0},
	{41, B, SYN | ACK, 499, 100, 0, 1000, 0},
};

/* a late SYN: the hole before the highest segment is marked once more */
static const struct segment_row late_syn[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 150, 500, 10, 1000, 0},
	{40, A, SYN, 99, 0, 0, 1000, 0},
	{50, A, ACK | PSH, 150, 500, 10, 1000, 0},
	{60, A, ACK | PSH, 160, 500, 10, 1000, 0},
};

/* a late SYN, and the hole is filled after it */
static const struct segment_row late_syn_in_order[] = {
	HANDSHAKE,
	{30, A, ACK | PSH, 150, 500, 10, 1000, 0},
	{40, A, SYN, 99, 0, 0, 1000, 0},
	{50, A, ACK | PSH, 100, 500, 50, 1000, 0},
	{60, A, ACK | PSH, 160, 500, 10, 1000, 0},
};

/* sequence numbers wrap */
static const struct segment_row wrap[] = {
	{0, A, SYN, 0xffffff00, 0, 0, 1000, 0},
	{10, B, SYN | ACK, 499, 0xffffff01, 0, 1000, 0},
	{20, A, ACK, 0xffffff01, 500, 0, 1000, 0},
	{30, A, ACK | PSH, 0xffffff01, 500, 255, 1000, 0},
	{31, A, ACK | PSH, 0, 500, 100, 1000, 0},
	{32, A, ACK | PSH, 200, 500, 100, 1000, 0},
	{33, B, ACK, 500, 100, 0, 1000, 0},
	{60, A, ACK | PSH, 100, 500, 100, 1000, 0},
};

/* iRTT: equal times are none */
static const struct segment_row equal_times[] = {
	{0, A, SYN, 99, 0, 0, 1000, 0},
	{0, B, SYN | ACK, 499, 100, 0, 1000, 0},
	{0, A, ACK, 100, 500, 0, 1000, 0},
	{0, A, ACK | PSH, 200, 500, 100, 1000, 0},
	{2, A, ACK | PSH, 100, 500, 100, 1000, 0},
	{10, B, ACK, 500, 300, 0, 1000, 0},
};

#define N(counter, n) [TCP_COUNT_##counter] = (n)
#define CASE(rows, ...) {#rows, rows, sizeof(rows) / sizeof(*rows), {__VA_ARGS__}}

static const struct analysis_case analysis_cases[] = {
	CASE(clean),
	CASE(lost_segment,
	     [A] = {N(LOST_SEGMENT, 1)}),
	CASE(retransmission,
	     [A] = {N(RETRANSMISSION, 1)}),
	CASE(out_of_order,
	     [A] = {N(OUT_OF_ORDER, 1), N(LOST_SEGMENT, 1)}),
	CASE(same_end_is_no_reordering,
	     [A] = {N(RETRANSMISSION, 1)}),
	CASE(reordering_without_handshake,
	     [A] = {N(RETRANSMISSION, 1), N(OUT_OF_ORDER, 1)}),
	CASE(clock_backwards,
	     [A] = {N(RETRANSMISSION, 1)}),
	CASE(one_byte_back),
	CASE(spurious,
	     [A] = {N(RETRANSMISSION, 1), N(SPURIOUS_RETRANSMISSION, 1)}),
	CASE(fast_retransmission,
	     [A] = {N(RETRANSMISSION, 1), N(FAST_RETRANSMISSION, 1), N(LOST_SEGMENT, 1)},
	     [B] = {N(DUPLICATE_ACK, 2)}),
	CASE(late_fast_retransmission,
	     [A] = {N(RETRANSMISSION, 1), N(LOST_SEGMENT, 1)},
	     [B] = {N(DUPLICATE_ACK, 2)}),
	CASE(one_duplicate_ack,
	     [A] = {N(OUT_OF_ORDER, 1), N(LOST_SEGMENT, 1)},
	     [B] = {N(DUPLICATE_ACK, 1)}),
	CASE(unseen_ack_then_fast,
	     [A] = {N(RETRANSMISSION, 2), N(SPURIOUS_RETRANSMISSION, 2), N(ACK_LOST_SEGMENT, 3)},
	     [B] = {N(RETRANSMISSION, 1), N(SPURIOUS_RETRANSMISSION, 1), N(OUT_OF_ORDER, 1),
		    N(LOST_SEGMENT, 1), N(ACK_LOST_SEGMENT, 1)}),
	CASE(first_mark_is_fast,
	     [A] = {N(RETRANSMISSION, 1), N(FAST_RETRANSMISSION, 1), N(ACK_LOST_SEGMENT, 1)}),
	CASE(first_mark_is_fast_later,
	     [A] = {N(RETRANSMISSION, 1), N(FAST_RETRANSMISSION, 1), N(ACK_LOST_SEGMENT, 1)}),
	CASE(first_mark_is_late,
	     [A] = {N(RETRANSMISSION, 1), N(ACK_LOST_SEGMENT, 1)}),
	CASE(syn_and_fin_again,
	     [A] = {N(RETRANSMISSION, 2)},
	     [B] = {N(RETRANSMISSION, 1)}),
	CASE(keep_alive,
	     [A] = {N(KEEP_ALIVE, 2)},
	     [B] = {N(KEEP_ALIVE_ACK, 2)}),
	CASE(keep_alive_first,
	     [A] = {N(KEEP_ALIVE, 1)}),
	CASE(duplicate_acks,
	     [A] = {N(LOST_SEGMENT, 1)},
	     [B] = {N(DUPLICATE_ACK, 3)}),
	CASE(window_update,
	     [B] = {N(DUPLICATE_ACK, 2), N(WINDOW_UPDATE, 1)}),
	CASE(zero_window,
	     [A] = {N(LOST_SEGMENT, 1), N(ZERO_WINDOW_PROBE, 2)},
	     [B] = {N(ACK_LOST_SEGMENT, 1), N(ZERO_WINDOW, 2), N(ZERO_WINDOW_PROBE_ACK, 1)}),
	CASE(zero_window_rst),
	CASE(unknown_window,
	     [A] = {N(ZERO_WINDOW, 2)}),
	CASE(window_full,
	     [A] = {N(WINDOW_FULL, 1)},
	     [B] = {N(WINDOW_UPDATE, 1)}),
	CASE(window_full_unscaled,
	     [A] = {N(WINDOW_FULL, 1)}),
	CASE(window_full_one_sided,
	     [A] = {N(WINDOW_FULL, 1)},
	     [B] = {N(WINDOW_UPDATE, 1)}),
	CASE(window_full_answer_only,
	     [A] = {N(WINDOW_FULL, 1)},
	     [B] = {N(WINDOW_UPDATE, 1)}),
	CASE(window_full_first_ack,
	     [A] = {N(WINDOW_FULL, 1)}),
	CASE(window_full_unknown),
	CASE(ack_lost_segment,
	     [A] = {N(RETRANSMISSION, 1), N(SPURIOUS_RETRANSMISSION, 1), N(LOST_SEGMENT, 2)},
	     [B] = {N(ACK_LOST_SEGMENT, 3)}),
	CASE(ack_lost_probe,
	     [A] = {N(LOST_SEGMENT, 1), N(ZERO_WINDOW_PROBE, 1)},
	     [B] = {N(ACK_LOST_SEGMENT, 2), N(ZERO_WINDOW, 2)}),
	CASE(synack_other_number,
	     [A] = {N(ACK_LOST_SEGMENT, 1)},
	     [B] = {N(LOST_SEGMENT, 1)}),
	CASE(syn_same_number_after_rst,
	     [A] = {N(RETRANSMISSION, 1)},
	     [B] = {N(RETRANSMISSION, 1)}),
	CASE(late_syn,
	     [A] = {N(RETRANSMISSION, 1), N(LOST_SEGMENT, 2)}),
	CASE(late_syn_in_order,
	     [A] = {N(RETRANSMISSION, 1), N(LOST_SEGMENT, 2)}),
	CASE(wrap,
	     [A] = {N(RETRANSMISSION, 1), N(LOST_SEGMENT, 1)}),
	CASE(equal_times,
	     [A] = {N(OUT_OF_ORDER, 1), N(LOST_SEGMENT, 1)}),
};

#undef N
#undef CASE

#endif
