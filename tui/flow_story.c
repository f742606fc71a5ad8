/* SPDX-License-Identifier: MIT */
#include "tui/flow_story.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/join/verdict.h"
#include "tui/bar.h"

enum { LABEL_WIDTH = 16 };

/* --- bytes ---------------------------------------------------------------------------------- */

static int64_t known(int64_t v)
{
	return v == ROW_ABSENT ? 0 : v;
}

static int64_t above_zero(int64_t v)
{
	return v > 0 ? v : 0;
}

/* What passed the capture, each byte once. */
static int64_t passed(const struct flow_end_row *end)
{
	if (end->ledger.sent != ROW_ABSENT)
		return end->ledger.sent;
	return above_zero(known(end->payload_bytes) - known(end->retransmitted_bytes));
}

/*
 * Without a socket that tells, frames do: of what passed, all that was delivered has arrived. What
 * was lost or was not captured did not pass in the first place (flow/tcp/delivery.h).
 */
static int64_t acked_by_frames(const struct flow_end_row *end)
{
	if (end->undelivered_bytes == ROW_ABSENT)
		return 0;
	if (strcmp(end->delivery_reason, "unacknowledged") != 0)
		return passed(end);
	return above_zero(passed(end) - end->undelivered_bytes);
}

void story_stages(int64_t out[STORY_STAGES], const struct flow_end_row *from,
		  const struct flow_end_row *to)
{
	const struct ledger_row *l = &from->ledger;
	int64_t far, acked = l->acked;

	memset(out, 0, STORY_STAGES * sizeof(*out));
	out[STORY_READ] = known(to->ledger.read);
	out[STORY_UNREAD] = known(to->ledger.unread);
	far = out[STORY_READ] + out[STORY_UNREAD];
	if (acked == ROW_ABSENT)
		acked = acked_by_frames(from);
	out[STORY_ACKED] = above_zero(acked - far);
	far += out[STORY_ACKED];
	out[STORY_LOST] = known(l->lost);
	if (l->acked == ROW_ABSENT && from->undelivered_bytes != ROW_ABSENT)
		out[STORY_LOST] = from->undelivered_bytes;
	/* What has arrived is no longer in flight, whatever its acks do. */
	if (l->in_flight != ROW_ABSENT)
		out[STORY_IN_FLIGHT] = above_zero(acked + l->in_flight - far);
	far += out[STORY_IN_FLIGHT];
	out[STORY_SENT] = above_zero(passed(from) - far - out[STORY_LOST]);
	out[STORY_QUEUED] = known(l->queued);
}

static void size_text(char *out, int64_t bytes, bool exact)
{
	if (exact)
		fmt_u64(out, (uint64_t)bytes);
	else
		fmt_bytes(out, (uint64_t)bytes);
}

static const struct {
	const char *name;
	enum glyph glyph;
	enum style style; /* NORMAL = the direction's own */
} stage_looks[STORY_STAGES] = {
	[STORY_READ] = {"read", GLYPH_FULL, STYLE_NORMAL},
	[STORY_UNREAD] = {"unread", GLYPH_DENSE, STYLE_WARN},
	[STORY_ACKED] = {"acknowledged", GLYPH_HALF, STYLE_NORMAL},
	[STORY_SENT] = {"sent", GLYPH_LIGHT, STYLE_NORMAL},
	[STORY_IN_FLIGHT] = {"in flight", GLYPH_LIGHT, STYLE_STRONG},
	[STORY_QUEUED] = {"queued", GLYPH_FAINT, STYLE_WARN},
	[STORY_LOST] = {"lost", GLYPH_CROSS, STYLE_BAD},
};

static const char *stage_name(enum story_stage stage, const struct flow_end_row *from)
{
	if (stage == STORY_LOST && from->ledger.lost == ROW_ABSENT && *from->delivery_reason)
		return from->delivery_reason;
	return stage_looks[stage].name;
}

static void make_bytes_bar(struct bar *b, const struct flow_end_row *from,
			   const struct flow_end_row *to, enum style own, bool exact)
{
	int64_t stages[STORY_STAGES];

	story_stages(stages, from, to);
	b->count = 0;
	for (int i = 0; i < STORY_STAGES; i++) {
		enum style style = stage_looks[i].style ? stage_looks[i].style : own;
		struct bar_part *part = bar_add(b, stages[i], stage_looks[i].glyph, style);
		char size[FMT_MAX];

		if (!part || !part->amount)
			continue;
		size_text(size, part->amount, exact);
		snprintf(part->text, sizeof(part->text), "%s %s", stage_name(i, from), size);
	}
}

/* "↑ wrote 120K": what the program said, or at least what passed. */
static void write_bytes(struct page *p, const struct flow_end_row *from,
			const struct flow_end_row *to, enum glyph arrow, bool exact)
{
	enum style own = arrow == GLYPH_UP ? STYLE_UP : STYLE_DOWN;
	bool wrote = from->ledger.written != ROW_ABSENT;
	char label[FMT_MAX + 16], size[FMT_MAX];
	struct bar b;

	make_bytes_bar(&b, from, to, own, exact);
	size_text(size, wrote ? from->ledger.written : passed(from), exact);
	snprintf(label, sizeof(label), "%s %s %s", glyph(arrow, p->sheet.utf8),
		 wrote ? "wrote" : "sent", size);
	page_put(p, 0, LABEL_WIDTH - 1, own, label);
	bar_put(p, LABEL_WIDTH, p->width - LABEL_WIDTH, &b);
	page_next(p);
	bar_legend(p, LABEL_WIDTH, &b);
}

/* --- the verdict ---------------------------------------------------------------------------- */

/* The end whose application is `app`, by the rule in flow/join/verdict.h. */
static const struct flow_end_row *app_end(const struct flow_row *row)
{
	bool src = row->src.process.match != MATCH_NONE, dst = row->dst.process.match != MATCH_NONE;

	return dst && !src ? &row->dst : &row->src;
}

static void application(char *out, size_t cap, const struct flow_row *row, bool peer)
{
	const struct flow_end_row *app = app_end(row), *end = app;

	if (peer)
		end = app == &row->src ? &row->dst : &row->src;
	if (*end->process.name)
		snprintf(out, cap, "%s", end->process.name);
	else
		snprintf(out, cap, "the %s's application",
			 end == &row->src ? "originator" : "responder");
}

enum cause { CAUSE_APP, CAUSE_PEER, CAUSE_RECEIVER, CAUSE_NETWORK, CAUSE_UNKNOWN, CAUSES };

static const struct {
	const char *name, *words; /* NULL: the name of the program */
	size_t offset;
	enum glyph glyph;
	enum style style;
} causes[CAUSES] = {
	[CAUSE_APP] = {"app", NULL, offsetof(struct verdict_row, app_ns), GLYPH_FULL, STYLE_UP},
	[CAUSE_PEER] = {"peer", NULL, offsetof(struct verdict_row, peer_ns), GLYPH_DENSE,
			STYLE_DOWN},
	[CAUSE_RECEIVER] = {"receiver", "an end that does not read",
			    offsetof(struct verdict_row, receiver_ns), GLYPH_HALF, STYLE_WARN},
	[CAUSE_NETWORK] = {"network", "the network", offsetof(struct verdict_row, network_ns),
			   GLYPH_LIGHT, STYLE_STRONG},
	[CAUSE_UNKNOWN] = {"unknown", "nobody we could name",
			   offsetof(struct verdict_row, unknown_ns), GLYPH_FAINT, STYLE_DIM},
};

static void cause_words(char *out, size_t cap, const struct flow_row *row, enum cause c)
{
	if (causes[c].words)
		snprintf(out, cap, "%s", causes[c].words);
	else
		application(out, cap, row, c == CAUSE_PEER);
}

static int64_t share_of(const struct verdict_row *v, enum cause c)
{
	int64_t ns;

	memcpy(&ns, (const char *)v + causes[c].offset, sizeof(ns));
	return known(ns);
}

static int percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)(100.0 * (double)part / (double)whole + 0.5) : 0;
}

static void make_verdict_bar(struct bar *b, const struct flow_row *row)
{
	const struct verdict_row *v = &row->verdict;
	int64_t whole = 0;

	b->count = 0;
	for (int i = 0; i < CAUSES; i++)
		whole += share_of(v, i);
	for (int i = 0; i < CAUSES; i++) {
		struct bar_part *part =
			bar_add(b, share_of(v, i), causes[i].glyph, causes[i].style);
		char time[FMT_MAX], lost[FMT_MAX] = "";

		if (!part || !part->amount)
			continue;
		fmt_duration(time, part->amount);
		if (i == CAUSE_NETWORK && known(v->loss_ns) > 0)
			fmt_duration(lost, v->loss_ns);
		snprintf(part->text, sizeof(part->text), "%s %d%% %s%s%s%s", causes[i].name,
			 percent(part->amount, whole), time, *lost ? " (loss " : "", lost,
			 *lost ? ")" : "");
	}
}

/* "httpd: everything was acknowledged, and it was this application's turn" */
static void verdict_words(char *out, size_t cap, const struct flow_row *row)
{
	const char *why = verdict_sentence(row->verdict.evidence);
	char who[ROW_NAME_MAX + 32] = "";

	for (int i = 0; i < CAUSES; i++) {
		if (!strcmp(causes[i].name, row->verdict.waits_for))
			cause_words(who, sizeof(who), row, i);
	}
	snprintf(out, cap, "%s%s%s", who, *why ? ": " : "", why);
}

static void write_verdict(struct page *p, const struct flow_row *row)
{
	char text[2 * BAR_TEXT_MAX + ROW_NAME_MAX];
	struct bar b;

	if (!*row->verdict.waits_for)
		return;
	verdict_words(text, sizeof(text), row);
	page_put(p, 0, LABEL_WIDTH - 1, STYLE_STRONG, row->closed ? "Waited for" : "Waits for");
	page_wrap(p, LABEL_WIDTH, STYLE_STRONG, text);
	make_verdict_bar(&b, row);
	bar_put(p, LABEL_WIDTH, p->width - LABEL_WIDTH, &b);
	page_next(p);
	bar_legend(p, LABEL_WIDTH, &b);
}

void story_write(struct page *p, const struct flow_row *row, bool exact)
{
	page_next(p);
	write_verdict(p, row);
	write_bytes(p, &row->src, &row->dst, GLYPH_UP, exact);
	write_bytes(p, &row->dst, &row->src, GLYPH_DOWN, exact);
}
