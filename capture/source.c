/* SPDX-License-Identifier: MIT
 *
 * What all kinds of sources share, and the dispatch to the kind.
 */
#include "capture/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "capture/source_ops.h"

/* A label of this many input bytes fits even when each byte is escaped to four. */
enum { LABEL_TAIL = SOURCE_LABEL_MAX / 4 - 2, LABEL_WHOLE = SOURCE_LABEL_MAX - 2 };

void source_label(char out[SOURCE_LABEL_MAX], const char *name)
{
	char shown[VIS_MAX(LABEL_WHOLE) + 1];
	size_t len = strlen(name);

	if (len <= LABEL_WHOLE) {
		len = vis(shown, sizeof(shown), name, len);
		if (len < SOURCE_LABEL_MAX) {
			memcpy(out, shown, len + 1);
			return;
		}
		len = strlen(name);
	}
	/* The end of a path tells more than its beginning. */
	if (len > LABEL_TAIL)
		name += len - LABEL_TAIL;
	memcpy(out, "...", 3);
	vis(out + 3, SOURCE_LABEL_MAX - 3, name, strlen(name));
}

int source_init(struct source *s, const struct source_ops *ops, const char *name)
{
	s->name = strdup(name);
	if (!s->name)
		return -ENOMEM;
	s->ops = ops;
	s->frames = 0;
	s->on_note = NULL;
	source_label(s->label, name);
	return 0;
}

void source_done(struct source *s)
{
	free(s->name);
}

void source_free(struct source *s)
{
	if (s)
		s->ops->free(s);
}

int source_again(struct source **out, const struct source *s, struct err *e)
{
	if (!s->ops->again)
		return err_set(e, -ENOTSUP, "%s cannot be read twice", s->label);
	return s->ops->again(out, s, e);
}

int source_start(struct source *s, struct err *e)
{
	return s->ops->start ? s->ops->start(s, e) : 0;
}

int source_read(struct source *s, unsigned budget, frames_fn fn, void *ctx, struct err *e)
{
	return budget ? s->ops->read(s, budget, fn, ctx, e) : 0;
}

void source_on_note(struct source *s, note_fn fn, void *ctx)
{
	s->on_note = fn;
	s->on_note_ctx = ctx;
}

int source_fd(const struct source *s)
{
	return s->ops->fd(s);
}

bool source_is_live(const struct source *s)
{
	return s->ops->live;
}

const char *source_name(const struct source *s)
{
	return s->name;
}

const struct source_interface *source_interface(const struct source *s, uint16_t index)
{
	return s->ops->interface(s, index);
}

void source_stats(const struct source *s, struct source_stats *out)
{
	*out = (struct source_stats){.frames = s->frames};
	if (s->ops->stats)
		s->ops->stats(s, out);
}

void source_loss(struct source *s, struct loss *out)
{
	s->ops->loss(s, out);
}
