/* SPDX-License-Identifier: MIT */
#include "tui/ladder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/rows/call_row.h"

void ladder_init(struct ladder *l)
{
	*l = (struct ladder){.shown = 1};
}

void ladder_done(struct ladder *l)
{
	free(l->frames);
	free(l->rungs);
	*l = (struct ladder){.shown = 1};
}

uint32_t ladder_count(const struct ladder *l)
{
	return l->count;
}

const struct recent_note *ladder_note(const struct ladder *l, uint32_t at)
{
	return &l->frames->notes[l->rungs[at].note];
}

/* A SYN is 0, as everybody counts; where none was seen the first byte is 1. */
static void find_bases(struct ladder *l)
{
	bool known[2] = {false, false};

	for (uint32_t i = 0; i < l->frames->count && !(known[0] && known[1]); i++) {
		const struct recent_note *n = &l->frames->notes[i];

		if (n->kind != RECENT_FRAME || known[n->end] || !n->flags)
			continue;
		l->base[n->end] = n->flags & TCP_SYN ? n->seq : n->seq - 1;
		known[n->end] = true;
		/* An end that was never heard is known by what it is told. */
		if (!known[!n->end] && n->flags & TCP_ACK)
			l->base[!n->end] = n->ack - 1;
	}
}

static void count_kinds(struct ladder *l)
{
	l->kept[RECENT_FRAME] = l->kept[RECENT_CALL] = 0;
	for (uint32_t i = 0; i < l->frames->count; i++)
		l->kept[l->frames->notes[i].kind]++;
}

static bool is_call(const struct rung *r)
{
	return r->part != RUNG_FRAME;
}

/*
 * The rung that the cursor was on: its part of the same note, if it still has it. Else the next one
 * that is left.
 */
static uint32_t place_of(const struct ladder *l)
{
	uint32_t at, found = UINT32_MAX;

	for (at = 0; at < l->count; at++) {
		const struct rung *r = &l->rungs[at];

		if (is_call(r) != is_call(&l->under) || ladder_note(l, at)->number != l->number)
			continue;
		if (r->part == l->under.part)
			return at;
		found = at;
	}
	if (found != UINT32_MAX)
		return found;
	for (at = 0; at + 1 < l->count && l->rungs[at].time_ns < l->under.time_ns; at++)
		;
	return at;
}

void ladder_take(struct ladder *l, struct flow_frames *frames)
{
	bool same = l->frames && l->frames->id == frames->id;

	free(l->frames);
	free(l->rungs);
	l->frames = frames;
	l->count = 0;
	l->rungs = rungs_of(frames, &l->count);
	find_bases(l);
	count_kinds(l);
	if (!same) {
		l->tail = false;
		l->top = l->number = 0;
		l->under = (struct rung){.time_ns = INT64_MIN};
	}
	l->cursor = !l->tail ? place_of(l) : l->count ? l->count - 1 : 0;
}

void ladder_point(struct ladder *l, uint32_t at)
{
	if (at >= ladder_count(l))
		return;
	l->cursor = at;
	l->under = l->rungs[at];
	l->number = ladder_note(l, at)->number;
	l->tail = false;
}

static void step(struct ladder *l, int64_t by)
{
	int64_t at = (int64_t)l->cursor + by, last = (int64_t)ladder_count(l) - 1;

	ladder_point(l, (uint32_t)(at < 0 ? 0 : at > last ? last : at));
}

void ladder_move(struct ladder *l, enum move how)
{
	int page = l->shown > 1 ? l->shown - 1 : 1;

	if (!ladder_count(l))
		return;
	switch (how) {
	case MOVE_UP: step(l, -1); break;
	case MOVE_DOWN: step(l, 1); break;
	case MOVE_PAGE_UP: step(l, -page); break;
	case MOVE_PAGE_DOWN: step(l, page); break;
	case MOVE_HOME: ladder_point(l, 0); break;
	case MOVE_END:
		ladder_point(l, ladder_count(l) - 1);
		l->tail = true;
		break;
	}
}

void ladder_show(struct ladder *l, int lines)
{
	uint32_t count = ladder_count(l), fit = lines > 0 ? (uint32_t)lines : 0;

	l->shown = lines;
	if (l->top + fit > count)
		l->top = count > fit ? count - fit : 0;
	if (l->cursor < l->top)
		l->top = l->cursor;
	if (fit && l->cursor >= l->top + fit)
		l->top = l->cursor - fit + 1;
}

/* --- what a rung says ----------------------------------------------------------------------- */

static const struct {
	uint8_t flag;
	const char *name;
} flag_names[] = {
	{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"},
	{TCP_URG, "URG"}, {TCP_ECE, "ECE"}, {TCP_CWR, "CWR"}, {TCP_ACK, "ACK"},
};

static size_t put(char *out, size_t len, const char *text)
{
	return len + (size_t)snprintf(out + len, LADDER_TEXT_MAX - len, "%s%s", len ? " " : "", text);
}

static size_t put_number(char *out, size_t len, const char *name, uint32_t v)
{
	char text[32];

	snprintf(text, sizeof(text), "%s %u", name, v);
	return put(out, len, text);
}

static const char *const call_names[] = {
#define X(id, name, about, fd) #name,
	CALL_ROWS(X)
#undef X
};

/* Its beginning says what was asked for, its end what became of it. */
static void call_text(const struct recent_note *n, enum rung_part part, char out[LADDER_TEXT_MAX])
{
	char asked[16] = "", took[FMT_MAX + 8] = "", duration[FMT_MAX];

	if (n->asked)
		snprintf(asked, sizeof(asked), "%u", n->asked);
	fmt_duration(duration, (int64_t)n->took_us * 1000);
	if (!(n->flags & CALL_FLAG_RESUMED))
		snprintf(took, sizeof(took), " in %s", duration);
	if (part == RUNG_ENTRY)
		snprintf(out, LADDER_TEXT_MAX, "%s(%s)", call_names[n->call], asked);
	else
		snprintf(out, LADDER_TEXT_MAX, "%s%s%s%s = %d%s", call_names[n->call],
			 part == RUNG_CALL ? "(" : "", part == RUNG_CALL ? asked : "",
			 part == RUNG_CALL ? ")" : "", n->result < 0 ? -1 : n->result, took);
}

void ladder_text(const struct ladder *l, uint32_t at, char out[LADDER_TEXT_MAX])
{
	const struct recent_note *n = ladder_note(l, at);
	size_t len = 0;

	if (n->kind == RECENT_CALL) {
		call_text(n, l->rungs[at].part, out);
		return;
	}

	*out = '\0';
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (n->flags & flag_names[i].flag)
			len = put(out, len, flag_names[i].name);
	}
	if (n->flags)
		len = put_number(out, len, "seq", n->seq - l->base[n->end]);
	if (n->flags & TCP_ACK)
		len = put_number(out, len, "ack", n->ack - l->base[!n->end]);
	if (n->bytes || !n->flags)
		put_number(out, len, "len", n->bytes);
}

static const char *const mark_names[] = {
#define X(id, name, help) #name,
	TCP_COUNTER_ROWS(X)
#undef X
};

enum {
	MARKS_AGAIN = 1 << TCP_COUNT_FAST_RETRANSMISSION | 1 << TCP_COUNT_SPURIOUS_RETRANSMISSION,
	MARKS_BAD = 1 << TCP_COUNT_RETRANSMISSION | 1 << TCP_COUNT_LOST_SEGMENT |
		    1 << TCP_COUNT_ZERO_WINDOW,
};

/* A call that could not be done at once is no failure of anything. */
static enum style call_marks(const struct recent_note *n, enum rung_part part,
			     char out[LADDER_TEXT_MAX])
{
	bool later = n->result == -EAGAIN || n->result == -EINPROGRESS;
	const char *text = "";

	if (n->flags & CALL_FLAG_UNFINISHED)
		text = "unfinished";
	else if (part != RUNG_ENTRY && n->result < 0)
		text = strerrorname_np(-n->result);
	snprintf(out, LADDER_TEXT_MAX, "%s", text ? text : "interrupted");
	return later || n->flags & CALL_FLAG_UNFINISHED ? STYLE_WARN : STYLE_BAD;
}

enum style ladder_marks(const struct ladder *l, uint32_t at, char out[LADDER_TEXT_MAX])
{
	unsigned marks = ladder_note(l, at)->marks;
	enum style style = marks & MARKS_BAD ? STYLE_BAD : STYLE_WARN;
	size_t len = 0;

	if (is_call(&l->rungs[at]))
		return call_marks(ladder_note(l, at), l->rungs[at].part, out);
	*out = '\0';
	if (marks & MARKS_AGAIN) /* the kind says more */
		marks &= ~(1u << TCP_COUNT_RETRANSMISSION);
	for (unsigned i = 0; i < TCP_COUNTERS; i++) {
		if (marks & 1u << i)
			len = put(out, len, mark_names[i]);
	}
	for (char *c = out; *c; c++) {
		if (*c == '_')
			*c = ' ';
	}
	return style;
}

int64_t ladder_delta_ns(const struct ladder *l, uint32_t at)
{
	return at ? l->rungs[at].time_ns - l->rungs[at - 1].time_ns : 0;
}

bool ladder_jumps(const struct ladder *l, uint32_t at)
{
	uint32_t before = at;

	if (is_call(&l->rungs[at]))
		return false;
	while (before && is_call(&l->rungs[before - 1]))
		before--;
	return before && ladder_note(l, at)->number != ladder_note(l, before - 1)->number + 1;
}

/* --- finding -------------------------------------------------------------------------------- */

static bool has(const struct ladder *l, uint32_t at, const char *what)
{
	char text[LADDER_TEXT_MAX], marks[LADDER_TEXT_MAX];

	ladder_text(l, at, text);
	ladder_marks(l, at, marks);
	return strcasestr(text, what) || strcasestr(marks, what);
}

bool ladder_find(struct ladder *l, const char *what, int by)
{
	uint32_t count = ladder_count(l), at = l->cursor;

	for (uint32_t i = 0; i < count; i++) {
		if (by || i)
			at = (by < 0 ? at + count - 1 : at + 1) % count;
		if (has(l, at, what)) {
			ladder_point(l, at);
			return true;
		}
	}
	return false;
}
