/* SPDX-License-Identifier: MIT
 *
 * The newest frames as they were captured, in a ring of bytes, for whoever wants those of a flow
 * later. Whose a frame is, is found out by decoding it again when it is asked for: keeping one
 * costs a copy.
 */
#ifndef SOCKLENS_FLOW_KEPT_FRAMES_H
#define SOCKLENS_FLOW_KEPT_FRAMES_H

#include <stddef.h>

#include "capture/source.h"
#include "flow/rows/row.h"

enum { KEPT_BYTES = 64 << 20 };

struct kept_frames;

struct kept_frames *kept_frames_new(size_t bytes); /* NULL = out of memory */
void kept_frames_free(struct kept_frames *k);	   /* accepts NULL */

/* A frames_fn whose ctx is the ring. Frames that do not fit in all of it are left out. */
void kept_frames_add(void *kept, const struct frame *frames, unsigned n);

/* One of a flow, and whether its originator sent it; valid during the call. */
typedef void (*kept_frame_fn)(void *ctx, const struct frame *f, bool by_originator);

/* Those of this flow that were not handed out before, oldest first. Their number. */
unsigned kept_frames_take(struct kept_frames *k, const struct flow_row *row, kept_frame_fn fn,
			  void *ctx);

/* The frame of this flow, of this time and this way; valid until the next is added. false = it is gone. */
bool kept_frames_find(const struct kept_frames *k, const struct flow_row *row, int64_t time_ns,
		      bool by_originator, struct frame *f);

#endif
