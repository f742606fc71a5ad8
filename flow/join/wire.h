/* SPDX-License-Identifier: MIT
 *
 * The frames of the last moments, to be found by what a system call knows of them: its ends, its
 * bytes' sequence numbers, and when. Bounded: the oldest frame makes room for the newest.
 */
#ifndef SOCKLENS_FLOW_WIRE_H
#define SOCKLENS_FLOW_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/packet.h"
#include "flow/rows/call_row.h"

struct wire;

struct wire *wire_new(uint32_t max_frames); /* a power of two; 0 = default; NULL = out of memory */
void wire_free(struct wire *w);		    /* accepts NULL */

/* Remember packets of TCP and UDP. */
void wire_packets(struct wire *w, const struct packet *packets, unsigned n);

/*
 * The frames of a call: of TCP those that carry its bytes (of connect the SYN, of shutdown and close the
 * FIN or RST), of UDP its datagram, which belongs to no other call. Calls are asked about in the order
 * of their times. way NONE when the call moves nothing, or nothing of it was captured.
 */
void wire_find(struct wire *w, const struct call_event *c, struct call_frames *out);

#endif
