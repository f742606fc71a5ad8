/* SPDX-License-Identifier: MIT
 *
 * The frames of one flow in their order, as rungs between its two ends, and the calls of its sockets
 * between them (tui/rungs.h): which of them are shown, what each says, and finding in it. How it is
 * drawn is in view_ladder.c.
 */
#ifndef SOCKLENS_TUI_LADDER_H
#define SOCKLENS_TUI_LADDER_H

#include <stdbool.h>
#include <stddef.h>

#include "flow/rows/snapshot.h"
#include "tui/rungs.h"
#include "tui/style.h"
#include "tui/view.h"

struct ladder {
	struct flow_frames *frames; /* owned; NULL = none have come yet */
	uint32_t base[2];	    /* sequence number that each end's are counted from */
	struct rung *rungs;	    /* owned; NULL = none */
	uint32_t count, kept[2];    /* rungs; notes by enum recent_kind */
	uint32_t cursor, top;	    /* of rungs */
	struct rung under;	    /* the cursor, which sticks to it ... */
	uint32_t number;	    /* ... by its note's number */
	int shown;		    /* lines on the screen */
	bool tail;		    /* at the end, and staying there */
};

void ladder_init(struct ladder *l);
void ladder_done(struct ladder *l);

/* Newer notes; takes ownership. Those of another flow begin at the first. */
void ladder_take(struct ladder *l, struct flow_frames *frames);

uint32_t ladder_count(const struct ladder *l); /* rungs */
const struct recent_note *ladder_note(const struct ladder *l, uint32_t at);
void ladder_move(struct ladder *l, enum move how);
void ladder_point(struct ladder *l, uint32_t at); /* nothing when there is no such rung */
void ladder_show(struct ladder *l, int lines);	  /* so many fit: keep the cursor among them */

enum { LADDER_TEXT_MAX = 160 };

/*
 * "SYN ACK seq 0 ack 1", sequence numbers counted from each end's first; "len 120" of other protocols.
 * Of calls "sendto(120) = 120 in 5.0us", or "sendto(120)" and later "sendto = 120 in 5.0us".
 */
void ladder_text(const struct ladder *l, uint32_t at, char out[LADDER_TEXT_MAX]);
/* What the analysis says of it: "retransmission"; of a call its error; "" = nothing. */
enum style ladder_marks(const struct ladder *l, uint32_t at, char out[LADDER_TEXT_MAX]);
/* Since the one before; 0 for the first. */
int64_t ladder_delta_ns(const struct ladder *l, uint32_t at);
/* A frame, and frames between the one before and this are not kept. */
bool ladder_jumps(const struct ladder *l, uint32_t at);

/*
 * Move to the next rung (step 1), the one before (-1) or from here on (0) whose text or marks have
 * this, whatever its case; round the end. false when none has.
 */
bool ladder_find(struct ladder *l, const char *what, int step);

#endif
