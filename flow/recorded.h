/* SPDX-License-Identifier: MIT
 *
 * Processes that a capture file names in its packet comments become socket events, so that a saved
 * capture is joined by the same rules as a live one.
 *
 * Grammar of a comment: words `key=value` separated by blanks; pid= and comm= name the process on
 * this machine's side of the frame, tid= and uid= add to it, other keys are ignored; values are
 * vis() text. The side is the frame's direction: without one nobody can say, and nothing is said.
 */
#ifndef SOCKLENS_FLOW_RECORDED_H
#define SOCKLENS_FLOW_RECORDED_H

#include <stdbool.h>

#include "bpf/sock_event.h"
#include "capture/source.h"
#include "decode/packet.h"

/*
 * The event that a frame's comment stands for, at the frame's (wall-clock) time. false when it has
 * none, or too little to name a process and its end.
 */
bool recorded_event(struct sock_event *ev, const struct frame *f, const struct packet *p);

#endif
