/* SPDX-License-Identifier: MIT
 *
 * Private to this room: what a kind of source provides. A kind embeds `struct source` as its first
 * member; source.c dispatches and keeps what all kinds share.
 */
#ifndef SOCKLENS_CAPTURE_SOURCE_OPS_H
#define SOCKLENS_CAPTURE_SOURCE_OPS_H

#include "capture/source.h"

struct source_ops {
	int (*start)(struct source *s, struct err *e); /* NULL = nothing to do */
	int (*read)(struct source *s, unsigned budget, frames_fn fn, void *ctx, struct err *e);
	int (*fd)(const struct source *s);
	const struct source_interface *(*interface)(const struct source *s, uint16_t index);
	void (*stats)(const struct source *s, struct source_stats *out); /* NULL = frames only */
	void (*loss)(struct source *s, struct loss *out);
	void (*free)(struct source *s);
	int (*again)(struct source **out, const struct source *s, struct err *e); /* NULL = cannot */
	bool live;
};

enum { SOURCE_LABEL_MAX = 128 };

struct source {
	const struct source_ops *ops;
	char *name;		      /* owned; as given */
	char label[SOURCE_LABEL_MAX]; /* the name for messages: printable, its end if too long */
	uint64_t frames;	      /* handed out */
	note_fn on_note;	      /* NULL = nobody asked */
	void *on_note_ctx;
};

/* 0, or -ENOMEM. Undone by source_done. */
int source_init(struct source *s, const struct source_ops *ops, const char *name);
void source_done(struct source *s);

/* The printable, shortened form of a name that someone typed. */
void source_label(char out[SOURCE_LABEL_MAX], const char *name);

#endif
