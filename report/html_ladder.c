/* SPDX-License-Identifier: MIT
 *
 * A ladder of a long flow shows how it began, what went wrong, and how it ended.
 */
#include "report/html_ladder.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/fmt.h"
#include "flow/rows/end_text.h"
#include "flow/rows/problem.h"
#include "report/quote.h"

enum { SHOWN = 26, HEAD = 8, TAIL = 4 };

/* --- which ------------------------------------------------------------------------------------ */

static int64_t known(int64_t v)
{
	return v == ROW_ABSENT ? 0 : v;
}

/* Segments that had to be sent again count each; a flow that came to nothing is worse than a few of
 * them. */
static int64_t score_of(const struct flow_row *row)
{
	const struct flow_end_row *ends[] = {&row->src, &row->dst};
	int64_t score = *row->problem ? 10 : 0;

	for (int i = 0; i < 2; i++)
		score += known(ends[i]->tcp[TCP_COUNT_RETRANSMISSION]) +
			 known(ends[i]->tcp[TCP_COUNT_LOST_SEGMENT]) +
			 known(ends[i]->tcp[TCP_COUNT_ZERO_WINDOW]);
	return score;
}

/* A hundred refused connections to one port are one story. */
static bool is_alike(const struct flow_row *a, const struct flow_row *b)
{
	return !strcmp(a->problem, b->problem) && !addr_cmp(&a->dst.addr, &b->dst.addr) &&
	       a->dst.port == b->dst.port;
}

static void drop(struct ladders *l, unsigned i)
{
	free(l->worst[i].row);
	free(l->worst[i].frames);
	l->count--;
	memmove(&l->worst[i], &l->worst[i + 1], (l->count - i) * sizeof(l->worst[0]));
}

/* Where it belongs among them, or LADDERS; room is made. */
static unsigned make_room(struct ladders *l, const struct flow_row *row, int64_t score)
{
	unsigned at = 0;

	for (unsigned i = 0; i < l->count; i++) {
		if (!is_alike(l->worst[i].row, row))
			continue;
		if (l->worst[i].score >= score)
			return LADDERS;
		drop(l, i);
		break;
	}
	while (at < l->count && l->worst[at].score >= score)
		at++;
	if (at < LADDERS && l->count == LADDERS)
		drop(l, LADDERS - 1);
	return at;
}

void ladders_add(struct ladders *l, const struct exporter_options *o, const struct flow_row *row)
{
	int64_t score = score_of(row);
	struct flow_frames *frames;
	struct flow_row *copy;
	unsigned at;

	if (!score || !o->frames || (l->count == LADDERS && l->worst[LADDERS - 1].score >= score))
		return;
	frames = o->frames(o->frames_ctx, row->id);
	copy = frames && frames->count ? malloc(sizeof(*copy)) : NULL;
	at = copy ? make_room(l, row, score) : LADDERS;
	if (at == LADDERS) {
		free(frames);
		free(copy);
		return;
	}
	*copy = *row;
	memmove(&l->worst[at + 1], &l->worst[at], (l->count - at) * sizeof(l->worst[0]));
	l->worst[at].score = score;
	l->worst[at].row = copy;
	l->worst[at].frames = frames;
	l->count++;
}

void ladders_done(struct ladders *l)
{
	while (l->count)
		drop(l, l->count - 1);
}

/* --- frames ----------------------------------------------------------------------------------- */

static const struct {
	uint8_t flag;
	const char *name;
} flag_names[] = {
	{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"},
	{TCP_PSH, "PSH"}, {TCP_URG, "URG"}, {TCP_ACK, "ACK"},
};

static const char *const mark_names[] = {
#define X(id, name, help) #name,
	TCP_COUNTER_ROWS(X)
#undef X
};

enum {
	MARKS_AGAIN = 1 << TCP_COUNT_FAST_RETRANSMISSION | 1 << TCP_COUNT_SPURIOUS_RETRANSMISSION,
	MARKS_BAD = MARKS_AGAIN | 1 << TCP_COUNT_RETRANSMISSION | 1 << TCP_COUNT_LOST_SEGMENT |
		    1 << TCP_COUNT_ZERO_WINDOW | 1 << TCP_COUNT_WINDOW_FULL |
		    1 << TCP_COUNT_OUT_OF_ORDER,
};

static bool is_bad(const struct recent_note *n)
{
	return n->marks & MARKS_BAD || n->flags & TCP_RST;
}

/* Which of them are drawn: a bit each in `shown`; how many. */
static unsigned choose(const struct flow_frames *f, bool *shown)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < f->count; i++) {
		shown[i] = f->count <= SHOWN || i < HEAD || i + TAIL >= f->count;
		n += shown[i];
	}
	for (uint32_t i = 0; i < f->count && n < SHOWN; i++) {
		if (shown[i] ||
		    !(is_bad(&f->notes[i]) || (i + 1 < f->count && is_bad(&f->notes[i + 1]))))
			continue;
		shown[i] = true;
		n++;
	}
	return n;
}

/* --- drawing ---------------------------------------------------------------------------------- */

enum { WIDE = 560, SRC_X = 96, DST_X = 396, MARK_X = 408, TOP = 30, RUNG = 22, SLANT = 5 };

static void put_name(struct buf *out, const struct flow_end_row *end)
{
	char text[ENDPOINT_TEXT_MAX];

	end_address(text, end);
	if (*end->process.name) {
		quote_html(out, end->process.name);
		buf_putc(out, ' ');
	}
	quote_html(out, text);
}

static void put_marks(struct buf *out, unsigned marks)
{
	const char *between = "";

	if (marks & MARKS_AGAIN) /* the kind says more */
		marks &= ~(1u << TCP_COUNT_RETRANSMISSION);
	for (unsigned i = 0; i < TCP_COUNTERS; i++) {
		if (!(marks & 1u << i))
			continue;
		buf_puts(out, between);
		for (const char *c = mark_names[i]; *c; c++)
			buf_putc(out, *c == '_' ? ' ' : *c);
		between = ", ";
	}
}

static void put_what(struct buf *out, const struct recent_note *n)
{
	const char *between = "";

	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (!(n->flags & flag_names[i].flag))
			continue;
		buf_puts(out, between);
		buf_puts(out, flag_names[i].name);
		between = " ";
	}
	if (n->bytes || !n->flags)
		buf_printf(out, "%s%u B", *between ? " · " : "", n->bytes);
}

static void put_rung(struct buf *out, const struct recent_note *n, int64_t first_ns, int y)
{
	int from = n->end ? DST_X : SRC_X, to = n->end ? SRC_X : DST_X;
	const char *kind = is_bad(n) ? "rung bad" : "rung";
	int tip = n->end ? to + 7 : to - 7;
	char time[FMT_MAX];

	fmt_duration(time, n->time_ns - first_ns);
	buf_printf(out, "<text class=\"dim\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
		   SRC_X - 12, y + 4, time);
	buf_printf(out, "<g class=\"%s\"><line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", kind,
		   from, y, to, y + SLANT);
	buf_printf(out, "<path d=\"M%d %dl%d -3v6z\"/>", to, y + SLANT, tip - to);
	buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", (SRC_X + DST_X) / 2,
		   y - 2);
	put_what(out, n);
	buf_puts(out, "</text>");
	if (n->marks) {
		buf_printf(out, "<text x=\"%d\" y=\"%d\">", MARK_X, y + 6);
		put_marks(out, n->marks);
		buf_puts(out, "</text>");
	}
	buf_puts(out, "</g>\n");
}

static void put_skipped(struct buf *out, uint32_t n, int y)
{
	buf_printf(out,
		   "<text class=\"dim\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%u frame%s "
		   "more</text>\n",
		   (SRC_X + DST_X) / 2, y + 2, n, n == 1 ? "" : "s");
}

/* Rungs that are drawn, and a line for each gap between them. */
static int lines_of(const struct flow_frames *f, const bool *shown)
{
	int n = 0;

	for (uint32_t i = 0; i < f->count; i++)
		n += shown[i] || (i && shown[i - 1]);
	return n;
}

static void put_rungs(struct buf *out, const struct flow_frames *f, const bool *shown)
{
	uint32_t skipped = 0;
	int y = TOP + RUNG;

	for (uint32_t i = 0; i < f->count; i++) {
		skipped += !shown[i];
		if (!shown[i])
			continue;
		if (skipped) {
			put_skipped(out, skipped, y);
			y += RUNG;
		}
		skipped = 0;
		put_rung(out, &f->notes[i], f->notes[0].time_ns, y);
		y += RUNG;
	}
}

static void put_lifelines(struct buf *out, const struct flow_row *row, int tall)
{
	const int x[] = {SRC_X, DST_X};

	for (int end = 0; end < 2; end++) {
		buf_printf(out, "<text x=\"%d\" y=\"14\" text-anchor=\"middle\">", x[end]);
		put_name(out, end ? &row->dst : &row->src);
		buf_printf(
			out,
			"</text><line class=\"axis\" x1=\"%d\" y1=\"22\" x2=\"%d\" y2=\"%d\"/>\n",
			x[end], x[end], tall);
	}
}

static const char *help_of(const char *word)
{
	unsigned n;
	const struct problem *all = problems(&n);

	for (unsigned i = 0; i < n; i++)
		if (!strcmp(all[i].word, word))
			return all[i].help;
	return "";
}

static void put_ladder(struct buf *out, const struct flow_row *row, const struct flow_frames *f)
{
	bool *shown = calloc(f->count + 1, sizeof(*shown));
	int tall;

	if (!shown)
		return;
	choose(f, shown);
	tall = TOP + (lines_of(f, shown) + 1) * RUNG;
	buf_puts(out, "<figure><figcaption><strong>");
	quote_html(out, *row->problem ? row->problem : "sent again");
	buf_puts(out, "</strong> ");
	quote_html(out, help_of(row->problem));
	buf_printf(out,
		   "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"frames of "
		   "a flow\">\n",
		   WIDE, tall);
	put_lifelines(out, row, tall);
	put_rungs(out, f, shown);
	buf_puts(out, "</svg></figure>\n");
	free(shown);
}

void ladders_put(struct buf *out, const struct ladders *l)
{
	for (unsigned i = 0; i < l->count; i++)
		put_ladder(out, l->worst[i].row, l->worst[i].frames);
}
