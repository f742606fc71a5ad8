/* SPDX-License-Identifier: MIT */
#include "tui/question.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/filter.h"
#include "tui/action.h"
#include "tui/app.h"

/* --- shared --------------------------------------------------------------------------------- */

static void begin_empty(struct app *a, char *text, int cap)
{
	(void)a;
	snprintf(text, (size_t)cap, "%s", "");
}

static void say_wrong(struct app *a, const char *text)
{
	(void)text;
	if (*a->wrong)
		app_say(a, a->wrong);
}

static void cancelled(struct app *a)
{
	(void)a;
}

/* --- filter --------------------------------------------------------------------------------- */

static void filter_begin(struct app *a, char *text, int cap)
{
	snprintf(a->filter_before, sizeof(a->filter_before), "%s", a->list->filter);
	snprintf(text, (size_t)cap, "%s", a->list->filter);
}

/* While the line is no filter yet, the last one that was stays in force. */
static void filter_changed(struct app *a, const char *text)
{
	struct filter *f = NULL;
	struct err e = {""};

	a->wrong[0] = '\0';
	if (filter_compile(&f, filter_table_of(a->list->kind->of), text, NULL, &e))
		snprintf(a->wrong, sizeof(a->wrong), "%s", e.text);
	else
		app_set_filter(a, text);
	filter_free(f);
}

static void filter_cancelled(struct app *a)
{
	app_set_filter(a, a->filter_before);
}

static void filter_hint(const struct app *a, char *text, int cap)
{
	if (app_answered(a))
		snprintf(text, (size_t)cap, " %u of %u  Enter keep  Esc undo ",
			 a->snapshot->matched, a->snapshot->total);
}

/* --- jump ----------------------------------------------------------------------------------- */

/* The view whose name begins so; a detail cannot be jumped to. */
static const struct view *view_named(const char *text)
{
	unsigned count;
	const struct view *const *all = views(&count);

	for (unsigned i = 0; i < count; i++) {
		if (all[i]->key && !strncmp(all[i]->name, text, strlen(text)))
			return all[i];
	}
	return NULL;
}

static const struct action *action_named(const char *text)
{
	unsigned count;
	const struct action *all = actions(&count);

	for (unsigned i = 0; i < count; i++) {
		if (!strncmp(all[i].name, text, strlen(text)))
			return &all[i];
	}
	return NULL;
}

static const struct saved_filter *filter_named(const struct app *a, const char *text)
{
	for (unsigned i = 0; i < a->choices.filter_count; i++) {
		if (!strncmp(a->choices.filters[i].name, text, strlen(text)))
			return &a->choices.filters[i];
	}
	return NULL;
}

/* What a name stands for: the first of these that is not NULL. */
struct target {
	const struct view *view;
	const struct saved_filter *filter;
	const struct action *action;
};

static struct target target_named(const struct app *a, const char *text)
{
	struct target t = {0};

	if (!*text)
		return t;
	t.view = view_named(text);
	t.filter = t.view ? NULL : filter_named(a, text);
	t.action = t.view || t.filter ? NULL : action_named(text);
	return t;
}

static void jump_changed(struct app *a, const char *text)
{
	struct target t = target_named(a, text);

	a->wrong[0] = '\0';
	if (*text && !t.view && !t.filter && !t.action)
		snprintf(a->wrong, sizeof(a->wrong), "neither a view nor an action, nor a filter");
}

static void jump_done(struct app *a, const char *text)
{
	struct target t = target_named(a, text);

	if (t.view)
		app_show(a, t.view);
	else if (t.filter)
		app_recall_filter(a, t.filter);
	else if (t.action)
		app_act(a, t.action);
	else if (*text)
		app_say(a, "there is no such view, action or filter: ? lists them");
}

/* What Enter would do now. */
static void jump_hint(const struct app *a, char *text, int cap)
{
	struct target t = target_named(a, a->prompts[QUESTION_JUMP].text);

	if (t.view)
		snprintf(text, (size_t)cap, " %s: %s ", t.view->name, t.view->help);
	else if (t.filter)
		snprintf(text, (size_t)cap, " %s: %s ", t.filter->name, t.filter->text);
	else if (t.action)
		snprintf(text, (size_t)cap, " %s: %s ", t.action->name, t.action->help);
	else
		snprintf(text, (size_t)cap, " a view, a filter or an action, by its first letters ");
}

/* --- find ----------------------------------------------------------------------------------- */

static void find_changed(struct app *a, const char *text)
{
	snprintf(a->sought, sizeof(a->sought), "%s", text);
	a->wrong[0] = '\0';
	if (*text && !a->view->find(a, text, 0))
		snprintf(a->wrong, sizeof(a->wrong), "nothing has this");
}

static void find_hint(const struct app *a, char *text, int cap)
{
	(void)a;
	snprintf(text, (size_t)cap, " Enter, then n and N: the next and the one before ");
}

/* --- find a row ----------------------------------------------------------------------------- */

static void seek_begin(struct app *a, char *text, int cap)
{
	a->seek_origin = a->list->table.cursor;
	a->seek.finds = 0;
	begin_empty(a, text, cap);
}

/* Always from where the cursor was, so that taking a letter back goes back as well. */
static void seek_changed(struct app *a, const char *text)
{
	struct filter *f = NULL;
	struct err e = {""};

	a->wrong[0] = '\0';
	if (filter_compile(&f, filter_table_of(a->list->kind->of), text, NULL, &e)) {
		snprintf(a->wrong, sizeof(a->wrong), "%s", e.text);
	} else {
		snprintf(a->sought, sizeof(a->sought), "%s", text);
		seek_from(a, a->seek_origin, 0);
	}
	filter_free(f);
}

static void seek_cancelled(struct app *a)
{
	struct table_source source;

	list_source(a, &source);
	table_point(&a->list->table, &source, a->seek_origin);
	a->seek.done = a->seek.ticket;
}

static void seek_hint(const struct app *a, char *text, int cap)
{
	if (!*a->prompts[QUESTION_SEEK].text)
		snprintf(text, (size_t)cap, " as filters, but nothing is hidden ");
	else if (a->seek.done == a->seek.ticket)
		snprintf(text, (size_t)cap, " %u rows  Enter, then n and N ", a->seek.finds);
}

/* --- the name of a filter ------------------------------------------------------------------- */

static void save_changed(struct app *a, const char *text)
{
	struct choices trial = a->choices;
	struct err e = {""};

	a->wrong[0] = '\0';
	if (*text && choices_set_filter(&trial, text, a->list->filter, &e))
		snprintf(a->wrong, sizeof(a->wrong), "%s", e.text);
}

static void save_done(struct app *a, const char *text)
{
	struct err e = {""};

	if (!*text)
		return;
	app_say(a, "");
	if (choices_set_filter(&a->choices, text, a->list->filter, &e))
		app_say(a, e.text);
	else
		app_keep(a, "filter", text, a->list->filter);
}

static void save_hint(const struct app *a, char *text, int cap)
{
	snprintf(text, (size_t)cap, " a name for %s ", a->list->filter);
}

/* --- export --------------------------------------------------------------------------------- */

static void export_begin(struct app *a, char *text, int cap)
{
	snprintf(text, (size_t)cap, "%s.ndjson", a->list->kind->many);
}

static void export_changed(struct app *a, const char *text)
{
	(void)text;
	a->wrong[0] = '\0';
}

static void export_done(struct app *a, const char *text)
{
	errand_export(a, text);
}

static void export_hint(const struct app *a, char *text, int cap)
{
	if (a->list->tagged.count)
		snprintf(text, (size_t)cap, " the %u tagged rows, to a new file ",
			 a->list->tagged.count);
	else
		snprintf(text, (size_t)cap, " a new file; its extension says the format ");
}

/* --- record --------------------------------------------------------------------------------- */

static void record_begins(struct app *a, char *text, int cap)
{
	record_suggest(a, text, cap);
}

static void record_done(struct app *a, const char *text)
{
	record_begin(a, text);
}

static void record_hint(const struct app *a, char *text, int cap)
{
	(void)a;
	snprintf(text, (size_t)cap, " a new file: pcapng, with processes in comments ");
}

const struct question questions[QUESTION_COUNT] = {
	[QUESTION_FILTER] = {" filter: ", filter_begin, filter_changed, say_wrong,
			     filter_cancelled, filter_hint},
	[QUESTION_JUMP] = {" go to: ", begin_empty, jump_changed, jump_done, cancelled,
			   jump_hint},
	[QUESTION_FIND] = {" find: ", begin_empty, find_changed, say_wrong, cancelled,
			   find_hint},
	[QUESTION_SEEK] = {" find: ", seek_begin, seek_changed, say_wrong, seek_cancelled,
			   seek_hint},
	[QUESTION_SAVE] = {" name: ", begin_empty, save_changed, save_done, cancelled, save_hint},
	[QUESTION_RECORD] = {" record to: ", record_begins, export_changed, record_done, cancelled,
			     record_hint},
	[QUESTION_EXPORT] = {" export to: ", export_begin, export_changed, export_done, cancelled,
			     export_hint},
};
