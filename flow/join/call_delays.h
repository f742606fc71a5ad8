/* SPDX-License-Identifier: MIT
 *
 * What system calls tell of a socket's delays, when the probe's calls level is on: each call is
 * joined with its frames (flow/join/call_join.h), and the delays go to its socket
 * (flow/join/delays.h). Whoever else wants the calls is told of each once its frames were taken.
 */
#ifndef SOCKLENS_FLOW_CALL_DELAYS_H
#define SOCKLENS_FLOW_CALL_DELAYS_H

#include "flow/join/call_join.h"
#include "flow/join/correlate.h"

struct call_delays;

/* The correlator is borrowed; netns is that of the capture; `told` may be NULL. NULL = out of memory. */
struct call_delays *call_delays_new(struct correlator *c, uint32_t netns, call_row_fn told, void *ctx);
void call_delays_free(struct call_delays *d); /* accepts NULL */

/* Calls with wall-clock times, packets, and how far both are complete, as in flow/join/call_join.h.
 */
void call_delays_call(struct call_delays *d, const struct call_event *c);
void call_delays_packets(struct call_delays *d, const struct packet *packets, unsigned n);
void call_delays_advance(struct call_delays *d, int64_t now_ns);

#endif
