/* SPDX-License-Identifier: MIT */
#include "tui/header.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "base/loss.h"
#include "tui/app.h"
#include "tui/glyph.h"

/* Where pieces of a line go next: from the left, or from the right end inwards. */
struct pen {
	struct canvas *c;
	int y, left, right; /* free columns are [left, right) */
};

static void put_left(struct pen *p, enum style style, const char *text)
{
	int used = canvas_text(p->c, p->y, p->left, p->right - p->left, style, text);

	p->left += used ? used + 2 : 0;
}

/* Whole or not at all. */
static void put_right(struct pen *p, enum style style, const char *text)
{
	int width = canvas_text_width(p->c, text);

	if (!width || p->right - width < p->left)
		return;
	p->right -= width;
	canvas_text(p->c, p->y, p->right, width, style, text);
	p->right -= 2;
}

int header_height(const struct app *a)
{
	return a->canvas.height < 8 ? 1 : a->canvas.height < 14 ? 2 : 3;
}

/* --- facts ---------------------------------------------------------------------------------- */

static void put_rates(struct pen *p, const struct app *a)
{
	const struct snapshot *s = a->snapshot;
	bool ended = s->finished && !s->at_ns;
	int64_t flows = s->finished ? s->summary.flows : s->summary.live_flows;
	char number[FMT_MAX], text[FMT_MAX + 16];

	if (flows >= 0) {
		fmt_count(number, (uint64_t)flows);
		snprintf(text, sizeof(text), "%s %s", number, flows == 1 ? "flow" : "flows");
		put_right(p, STYLE_BAR, text);
	}
	if (s->bits_per_s >= 0 && !ended) {
		fmt_rate(number, (uint64_t)s->bits_per_s);
		snprintf(text, sizeof(text), "%sbit/s", number);
		put_right(p, STYLE_BAR, text);
	}
	if (s->packets_per_s >= 0 && !ended) {
		fmt_count(number, (uint64_t)s->packets_per_s);
		snprintf(text, sizeof(text), "%s pkt/s", number);
		put_right(p, STYLE_BAR, text);
	}
}

static void put_state(struct pen *p, const struct app *a)
{
	const struct snapshot *s = a->snapshot;
	bool live = s ? s->live : a->live;

	char badge[32];

	travel_badge(a, badge, sizeof(badge));
	if (a->travel.at_ns)
		put_left(p, STYLE_BADGE, badge);
	else if (a->paused)
		put_left(p, STYLE_BADGE, " PAUSED ");
	else if (s && s->finished)
		put_left(p, STYLE_DIM, live ? "stopped" : "end of file");
	else
		put_left(p, live ? STYLE_BAR_GOOD : STYLE_DIM, live ? "live" : "reading");
}

/* To the microsecond, as a report can be cut there. Until the rows are those of that time it is said. */
static void put_past_time(struct pen *p, const struct app *a)
{
	const struct snapshot *s = a->snapshot;
	bool arrived = s && s->asked_ns == a->travel.at_ns;
	char time[FMT_MAX], text[FMT_MAX + 32];

	fmt_time_of_day(time, arrived && s->at_ns ? s->at_ns : a->travel.at_ns);
	snprintf(text, sizeof(text), "%.15s UTC%s", time,
		 arrived || a->travel.playing ? "" : ", looking back");
	put_left(p, STYLE_STRONG, text);
}

static void put_record(struct pen *p, const struct app *a)
{
	char text[FMT_MAX + 8], bytes[FMT_MAX];

	if (!a->snapshot || !a->snapshot->record.on)
		return;
	fmt_bytes(bytes, a->snapshot->record.bytes);
	snprintf(text, sizeof(text), " REC %s ", bytes);
	put_left(p, STYLE_BAR_BAD, text);
}

static void put_time(struct pen *p, const struct app *a)
{
	char text[FMT_MAX];

	if (a->travel.at_ns) {
		put_past_time(p, a);
		return;
	}
	if (!a->snapshot || a->snapshot->now_ns <= 0)
		return;
	fmt_time_of_day(text, a->snapshot->now_ns);
	snprintf(text + strcspn(text, "."), 5, " UTC");
	put_left(p, STYLE_DIM, text);
}

/* "LOSS 1.2k: kernel 1.2k, ring 3": the sum first, since the line may be cut. */
static void loss_text(char *out, size_t cap, const struct loss *l)
{
	char number[FMT_MAX];
	size_t len;

	fmt_count(number, loss_sum(l));
	len = (size_t)snprintf(out, cap, " LOSS %s:", number);
	for (int i = 0; i < LOSS_STAGES && len < cap; i++) {
		if (!l->count[i])
			continue;
		fmt_count(number, l->count[i]);
		len += (size_t)snprintf(out + len, cap - len, " %s %s", loss_name(i), number);
	}
	if (len < cap)
		snprintf(out + len, cap - len, " ");
}

static void put_loss(struct pen *p, const struct app *a)
{
	char text[512];

	if (!a->snapshot) {
		put_left(p, STYLE_DIM, "nothing seen yet");
		return;
	}
	if (!loss_sum(&a->snapshot->summary.loss)) {
		put_left(p, STYLE_BAR_GOOD, "no loss");
		return;
	}
	loss_text(text, sizeof(text), &a->snapshot->summary.loss);
	put_left(p, STYLE_BAR_BAD, text);
}

static void put_probe(struct pen *p, const struct app *a)
{
	const struct snapshot *s = a->snapshot;
	char text[sizeof(s->summary.probe) + 16];

	if (s && *s->error) {
		put_left(p, STYLE_BAD, s->error);
	} else if (s && *s->summary.probe) {
		snprintf(text, sizeof(text), "probe %s", s->summary.probe);
		put_left(p, STYLE_DIM, text);
	}
}

/* --- tabs ----------------------------------------------------------------------------------- */

/* Whatever has no tab of its own stands under that of the list where it belongs. */
static const struct view *tab_of(const struct app *a)
{
	const struct view *v = a->view->key ? a->view : app_list_view(a);

	return v == &view_groups ? &view_flows : v;
}

/* Draw the tabs, or with find_x >= 0 return the one at that column instead. */
static const struct view *walk_tabs(struct pen *p, const struct app *a, int find_x)
{
	unsigned count;
	const struct view *const *all = views(&count);

	for (unsigned i = 0; i < count; i++) {
		bool on = all[i] == tab_of(a);
		char key[INPUT_NAME_MAX], text[64];
		int from = p->left;

		if (!all[i]->key)
			continue;
		snprintf(text, sizeof(text), "%s %s", input_name(all[i]->key, key), all[i]->title);
		if (find_x < 0)
			put_left(p, on ? STYLE_TAB_ON : STYLE_TAB, text);
		else
			p->left += canvas_text_width(&a->canvas, text) + 2;
		if (find_x >= from && find_x < p->left - 2)
			return all[i];
	}
	return NULL;
}

const struct view *header_tab_at(const struct app *a, int y, int x)
{
	struct pen p = {.left = 1, .right = a->canvas.width};

	return header_height(a) == 3 && y == 2 ? walk_tabs(&p, a, x) : NULL;
}

/* What part of the list is shown, and why not all. */
static void put_shown(struct pen *p, const struct app *a)
{
	const struct snapshot *s = a->snapshot;
	char text[PROMPT_MAX + 64];
	const struct table *t = &a->list->table;
	uint32_t last;

	if (!app_answered(a) || !a->view->list)
		return;
	last = t->top + (uint32_t)(t->page > 0 ? t->page : 0);
	if (last > s->matched)
		last = s->matched;
	if (s->matched) {
		snprintf(text, sizeof(text), "%u%s%u of %u", t->top + 1,
			 glyph(GLYPH_RANGE, p->c->utf8), last, s->matched);
		put_right(p, STYLE_DIM, text);
	}
	if (*a->list->filter) {
		snprintf(text, sizeof(text), "filter: %s", a->list->filter);
		put_right(p, STYLE_WARN, text);
	}
	if (a->view == &view_groups) {
		const char *of = a->lists[view_index(&view_flows)].filter;

		snprintf(text, sizeof(text), "by %s%s%.200s", a->list->group, *of ? " of " : "", of);
		put_right(p, STYLE_WARN, text);
	}
	if (a->list->tagged.count) {
		snprintf(text, sizeof(text), "%s%u tagged", a->list->only_tagged ? "only " : "",
			 a->list->tagged.count);
		put_right(p, STYLE_WARN, text);
	}
	if (*a->scope.name && a->list->kind->of <= QUERY_SOCKETS) {
		snprintf(text, sizeof(text), "of %s", a->scope.name);
		put_right(p, STYLE_WARN, text);
	}
}

/* --- drawing -------------------------------------------------------------------------------- */

static void draw_one_line(struct app *a)
{
	struct pen p = {.c = &a->canvas, .right = a->canvas.width};

	put_loss(&p, a);
	if (a->paused || a->travel.at_ns)
		put_state(&p, a);
	put_left(&p, STYLE_STRONG, app_source_name(a));
	if (a->snapshot)
		put_rates(&p, a);
}

void header_draw(struct app *a)
{
	struct pen p = {.c = &a->canvas, .left = 1, .right = a->canvas.width - 1};

	if (header_height(a) == 1) {
		draw_one_line(a);
		return;
	}
	put_left(&p, STYLE_BRAND, "socklens");
	put_left(&p, STYLE_STRONG, app_source_name(a));
	put_state(&p, a);
	put_record(&p, a);
	put_time(&p, a);
	if (a->snapshot)
		put_rates(&p, a);
	p = (struct pen){.c = &a->canvas, .y = 1, .left = 1, .right = a->canvas.width - 1};
	put_loss(&p, a);
	put_shown(&p, a);
	put_probe(&p, a);
	if (header_height(a) < 3)
		return;
	p = (struct pen){.c = &a->canvas, .y = 2, .left = 1, .right = a->canvas.width - 1};
	walk_tabs(&p, a, -1);
}
