/* SPDX-License-Identifier: MIT
 *
 * The beginning of one direction of a TCP connection, put in order (RFC 9293 3.4).
 *
 * Segments that came too early are kept at their place behind a hole; where segments overlap the
 * first one wins. A hole that many later segments do not fill ends the stream, and so does a
 * segment that the snap length cut: its rest will not come.
 */
#ifndef SOCKLENS_FLOW_STREAM_H
#define SOCKLENS_FLOW_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "flow/budget.h"

enum {
	STREAM_MAX = 16384,    /* bytes of a direction that are looked at */
	STREAM_SMALL = 48,     /* bytes that need no memory of their own */
	STREAM_ISLANDS = 8,    /* the beginning, and pieces behind holes */
	STREAM_PATIENCE = 128, /* segments behind a hole before it is given up */
};

/* Offsets from the stream's start. */
struct stream {
	uint8_t *large; /* owned; NULL as long as it all fits in small */
	uint32_t start_seq;
	uint16_t size;	 /* of large */
	uint16_t limit;	 /* nothing from here on is wanted, or will come */
	uint8_t islands; /* 0 = not begun */
	uint8_t later;	 /* segments that came behind the first hole */
	struct island {
		uint16_t from, to;
	} island[STREAM_ISLANDS]; /* ascending, apart; [0] begins at 0 and may be empty */
	uint8_t small[STREAM_SMALL];
};

static inline bool stream_has_begun(const struct stream *s)
{
	return s->islands;
}

void stream_begin(struct stream *s, uint32_t start_seq);
void stream_done(struct stream *s, struct budget *b);

/*
 * Take in a segment's bytes; wire_len is more when they were cut. False when there was no memory or
 * no place for it; the stream is as if it had not come.
 */
bool stream_add(struct stream *s, struct budget *b, uint32_t seq, struct cursor data,
		uint32_t wire_len);

/* The sender said that it sends nothing from this sequence number on. */
void stream_end(struct stream *s, uint32_t seq);

/* Nothing more will come. */
void stream_give_up(struct stream *s);

/* What is there without a hole. */
static inline size_t stream_have(const struct stream *s)
{
	return s->island[0].to;
}
struct cursor stream_beginning(const struct stream *s);

/* The beginning will not grow any more. */
bool stream_is_over(const struct stream *s);

/*
 * The first bytes are lost for good: start at what came after them. False when there is nothing, or
 * the beginning is not empty.
 */
bool stream_skip_hole(struct stream *s);

#endif
