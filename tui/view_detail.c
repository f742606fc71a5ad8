/* SPDX-License-Identifier: MIT
 *
 * One flow: what it waits for and where its bytes are, then every field that is known, made from the
 * table of fields. What both ends have stands side by side.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/field.h"
#include "tui/app.h"
#include "tui/flow_charts.h"
#include "tui/flow_story.h"
#include "tui/flow_title.h"
#include "tui/words.h"

enum { NAME_WIDTH = 26, VALUE_WIDTH = 24 };

static void value_text(const struct app *a, const struct field *f, char *out, size_t cap)
{
	*out = '\0';
	if (f && field_present(f, &a->open))
		field_text(f, &a->open, !a->exact, out, cap);
}

static bool is_of(const struct field *f, const char *end)
{
	size_t n = strlen(end);

	return !strncmp(f->name, end, n) && f->name[n] == '.';
}

static const struct field *twin(const struct field *f)
{
	char name[96];

	snprintf(name, sizeof(name), "dst%s", f->name + strlen("src"));
	return field_find(name);
}

static enum style value_style(const char *text)
{
	return !*text || !strcmp(text, "0") ? STYLE_DIM : STYLE_NORMAL;
}

/* --- parts ---------------------------------------------------------------------------------- */

/* What people know it by, before all the figures. */
static void write_names(struct page *p, const struct app *a)
{
	static const char *const names[] = {"app", "names.sni", "names.host", "names.dns"};
	char text[FIELD_TEXT_MAX], line[2 * FIELD_TEXT_MAX] = "";

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value_text(a, field_find(names[i]), text, sizeof(text));
		if (*text)
			snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s%s",
				 *line ? "  " : "", text);
	}
	if (*line)
		page_wrap(p, 0, STYLE_NAME, line);
}

static void write_title(struct page *p, const struct app *a)
{
	const struct state_word *w = state_word(a->open.proto, a->open.state);
	char text[FLOW_TITLE_MAX];

	flow_title(text, sizeof(text), &a->open, a->canvas.utf8);
	page_put(p, 0, p->width, STYLE_STRONG, text);
	page_next(p);
	write_names(p, a);
	if (w)
		page_wrap(p, 0, w->style, w->help);
	if (a->open_gone)
		page_wrap(p, 0, STYLE_WARN, "this flow has left the table: last known values");
}

/* "src.process.pid" under the heading "process" is "pid". */
static const char *leaf(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

/* The group of an end's field: "src.tcp.x" -> "tcp", "src.ip" -> "". */
static void group_of(const char *name, char *out, size_t cap)
{
	const char *first = strchr(name, '.') + 1, *last = strrchr(name, '.');

	snprintf(out, cap, "%.*s", last > first ? (int)(last - first) : 0, first);
}

/* Both ends' columns are as wide as their addresses need, if there is room. */
static int value_width(const struct page *p, const struct app *a)
{
	int room = (p->width - NAME_WIDTH - 2) / 2;
	char src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];
	int width = (int)addr_format(src, &a->open.src.addr);
	int other = (int)addr_format(dst, &a->open.dst.addr);

	if (other > width)
		width = other;
	if (width < VALUE_WIDTH)
		width = VALUE_WIDTH;
	return width < room ? width : room;
}

/* What an end's own fields mean is plain; their help names one end only. */
static void write_three(struct page *p, int width, const struct field *f, const char *src,
			const char *dst)
{
	int help = NAME_WIDTH + 2 * (width + 2);

	page_put(p, 2, NAME_WIDTH - 3, STYLE_DIM, leaf(f->name));
	page_put(p, NAME_WIDTH, width, value_style(src), *src ? src : "-");
	page_put(p, NAME_WIDTH + width + 2, width, value_style(dst), *dst ? dst : "-");
	if (p->width - help >= 20 && leaf(f->name) != f->name + strlen("src."))
		page_put(p, help, p->width - help, STYLE_DIM, f->help);
	page_next(p);
}

/* Who and where before how; the many counters of TCP, mostly zero, stand last on the page. */
static const char *const placed_groups[] = {"", "process", "ledger", "tcp"};
enum { PLACED_GROUPS = sizeof(placed_groups) / sizeof(placed_groups[0]) };

static bool is_placed(const char *group)
{
	for (int i = 0; i < PLACED_GROUPS; i++)
		if (!strcmp(group, placed_groups[i]))
			return true;
	return false;
}

/* Fields of both ends in this group; NULL = in those without a place of their own. */
static void write_groups(struct page *p, const struct app *a, const char *only)
{
	unsigned count;
	const struct field *all = fields(&count);
	char group[32], last[32] = "";

	for (unsigned i = 0; i < count; i++) {
		char src[FIELD_TEXT_MAX], dst[FIELD_TEXT_MAX];

		if (!is_of(&all[i], "src"))
			continue;
		group_of(all[i].name, group, sizeof(group));
		value_text(a, &all[i], src, sizeof(src));
		value_text(a, twin(&all[i]), dst, sizeof(dst));
		if ((only ? strcmp(group, only) != 0 : is_placed(group)) || (!*src && !*dst))
			continue;
		if (strcmp(group, last)) {
			page_put(p, 1, NAME_WIDTH - 2, STYLE_NAME, group);
			page_next(p);
		}
		snprintf(last, sizeof(last), "%s", group);
		write_three(p, value_width(p, a), &all[i], src, dst);
	}
}

static void write_ends(struct page *p, const struct app *a)
{
	int width = value_width(p, a);

	page_heading(p, "Ends");
	p->line--; /* titles stand on the heading's line */
	page_put(p, NAME_WIDTH, width, STYLE_UP, "originator");
	page_put(p, NAME_WIDTH + width + 2, width, STYLE_DOWN, "responder");
	page_next(p);
	write_groups(p, a, "");
	write_groups(p, a, "process");
	write_groups(p, a, "ledger");
	write_groups(p, a, NULL);
}

static void write_flow(struct page *p, const struct app *a)
{
	unsigned count;
	const struct field *all = fields(&count);

	page_heading(p, "Flow");
	for (unsigned i = 0; i < count; i++) {
		char text[FIELD_TEXT_MAX];

		value_text(a, &all[i], text, sizeof(text));
		if (is_of(&all[i], "src") || is_of(&all[i], "dst") || !*text)
			continue;
		page_put(p, 2, NAME_WIDTH - 3, STYLE_DIM, all[i].name);
		page_wrap(p, NAME_WIDTH, value_style(text), text);
	}
}

static void draw(struct app *a, struct area area)
{
	struct page *p = &a->page;

	page_begin(p, area.width, a->canvas.utf8);
	page_column(p, 1, area.width - 2, 0);
	write_title(p, a);
	story_write(p, &a->open, a->exact);
	flow_charts_write(p, &a->history, area.height < 40 ? 1 : 3);
	write_ends(p, a);
	write_flow(p, a);
	page_next(p);
	write_groups(p, a, "tcp");
	page_draw(p, &a->canvas, area);
}

const struct view view_detail = {
	.name = "detail",
	.title = "Detail",
	.help = "everything known about one flow",
	.draw = draw,
	.move = view_page_move,
};
