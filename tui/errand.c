/* SPDX-License-Identifier: MIT */
#include "tui/errand.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"

static bool about_tagged(const struct app *a)
{
	return a->list->tagged.count > 0;
}

void errand_export(struct app *a, const char *path)
{
	a->errand = (struct errand){.kind = ERRAND_EXPORT};
	snprintf(a->errand.path, sizeof(a->errand.path), "%s", path);
}

void errand_query(const struct app *a, struct query *q)
{
	q->errand = (uint8_t)a->errand.kind;
	q->offset = 0;
	q->limit = EXPORT_ROWS_MAX;
	if (about_tagged(a))
		q->only = a->list->tagged;
}

/* --- export ----------------------------------------------------------------------------------- */

static void export(struct app *a, const struct snapshot *s)
{
	char text[sizeof(a->message)];
	struct err e = {""};

	if (a->export(a->export_ctx, a->errand.path, s, &e))
		snprintf(text, sizeof(text), "%s", e.text);
	else
		snprintf(text, sizeof(text), "%u of %u %s in %s", s->row_count, s->matched,
			 a->list->kind->many, a->errand.path);
	app_say(a, text);
}

/* --- copy ------------------------------------------------------------------------------------- */

static void row_text(char out[ROW_TEXT_MAX], enum errand_kind kind, const struct flow_row *row)
{
	if (kind == ERRAND_COPY_ENDS)
		row_text_ends(out, row);
	else
		row_text_capture_filter(out, row);
}

static void say_copied(struct app *a)
{
	char text[sizeof(a->message)];

	snprintf(text, sizeof(text), "copied: %.*s", (int)sizeof(text) - 16, a->copy);
	for (char *p = text; (p = strchr(p, '\n'));)
		*p = ',';
	app_say(a, text);
}

/* Several flows: a line each, or one expression for all. */
static void copy_rows(struct app *a, const struct snapshot *s)
{
	bool lines = a->errand.kind == ERRAND_COPY_ENDS;
	char text[ROW_TEXT_MAX];
	size_t len = 0;

	for (uint32_t i = 0; i < s->row_count && len + ROW_TEXT_MAX + 8 < sizeof(a->copy); i++) {
		row_text(text, a->errand.kind, &s->rows[i]);
		if (s->row_count == 1)
			len += (size_t)sprintf(a->copy + len, "%s", text);
		else if (lines)
			len += (size_t)sprintf(a->copy + len, "%s%s", i ? "\n" : "", text);
		else
			len += (size_t)sprintf(a->copy + len, "%s(%s)", i ? " or " : "", text);
	}
	if (len)
		say_copied(a);
	else
		app_say(a, "none of the tagged flows is here");
}

void errand_copy(struct app *a, enum errand_kind kind)
{
	if (a->view->list && about_tagged(a)) { /* with the next answer */
		a->errand = (struct errand){.kind = kind};
		return;
	}
	row_text(a->copy, kind, app_flow(a));
	say_copied(a);
}

/* All rows that are wanted, not only those on the screen. */
void errand_take(struct app *a, const struct snapshot *s)
{
	uint32_t all = s->matched < EXPORT_ROWS_MAX ? s->matched : EXPORT_ROWS_MAX;

	if (!a->errand.kind || s->errand != (uint8_t)a->errand.kind || s->ticket != a->ticket ||
	    s->row_count < all)
		return;
	if (a->errand.kind == ERRAND_EXPORT)
		export(a, s);
	else
		copy_rows(a, s);
	a->errand.kind = ERRAND_NONE;
}
