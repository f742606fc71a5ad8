/* SPDX-License-Identifier: MIT
 *
 * Who began, guessed from the first packet of a flow: a SYN tells (flow/tcp/tcp.c), else the end
 * with a well-known port is taken for the one that answers, else the first sender began.
 */
#ifndef SOCKLENS_FLOW_ORIGINATOR_H
#define SOCKLENS_FLOW_ORIGINATOR_H

#include "decode/packet.h"
#include "flow/flow.h"

/* Sets originator and originator_by; `sender` is the end that sent p. */
void originator_guess(struct flow *f, int sender, const struct packet *p);

#endif
