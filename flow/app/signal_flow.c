/* SPDX-License-Identifier: MIT */
#include "flow/app/signal_flow.h"

#include <string.h>

/* A segment while it is read. */
struct reading {
	struct signal_side *side;
	struct media_table *media;
	int64_t time_ns;
};

static bool on_begun(void *ctx, const struct message *m)
{
	struct reading *r = ctx;

	(void)m;
	r->side->len = 0;
	return false;
}

static void on_body(void *ctx, struct cursor piece, bool last)
{
	struct reading *r = ctx;
	struct signal_side *s = r->side;
	size_t n = cursor_left(&piece), room = sizeof(s->body) - s->len;

	if (n > room)
		n = room;
	memcpy(s->body + s->len, piece.p, n);
	s->len = (uint16_t)(s->len + n);
	if (last)
		media_description(r->media, cursor_init(s->body, s->len), r->time_ns);
}

void signal_flow_segment(struct signal_flow *f, struct media_table *media, int d,
			 const struct packet *p)
{
	struct signal_side *s = &f->side[d];
	struct reading r = {s, media, p->time_ns};
	const struct message_sink sink = {.begun = on_begun, .body = on_body, .ctx = &r};
	struct tcp_piece piece;

	if (!tcp_reader_take(&s->reader, p, &piece))
		return;
	if (piece.before)
		message_gap(&s->message, piece.before, &sink);
	message_feed(&s->message, piece.bytes, &sink);
	if (piece.after)
		message_gap(&s->message, piece.after, &sink);
}
