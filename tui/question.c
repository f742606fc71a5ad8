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

static void jump_changed(struct app *a, const char *text)
{
	a->wrong[0] = '\0';
	if (*text && !view_named(text) && !action_named(text))
		snprintf(a->wrong, sizeof(a->wrong), "neither a view nor an action");
}

static void jump_done(struct app *a, const char *text)
{
	const struct view *v = *text ? view_named(text) : NULL;
	const struct action *act = *text && !v ? action_named(text) : NULL;

	if (v)
		app_show(a, v);
	else if (act)
		app_act(a, act);
	else if (*text)
		app_say(a, "there is no such view or action: ? lists them");
}

/* What Enter would do now. */
static void jump_hint(const struct app *a, char *text, int cap)
{
	const char *typed = a->prompts[QUESTION_JUMP].text;
	const struct view *v = *typed ? view_named(typed) : NULL;
	const struct action *act = *typed && !v ? action_named(typed) : NULL;

	if (v)
		snprintf(text, (size_t)cap, " %s: %s ", v->name, v->help);
	else if (act)
		snprintf(text, (size_t)cap, " %s: %s ", act->name, act->help);
	else
		snprintf(text, (size_t)cap, " a view or an action, by its first letters ");
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

/* With the next answer, which has all rows. */
static void export_done(struct app *a, const char *text)
{
	snprintf(a->export_path, sizeof(a->export_path), "%s", text);
}

static void export_hint(const struct app *a, char *text, int cap)
{
	(void)a;
	snprintf(text, (size_t)cap, " a new file; its extension says the format ");
}

const struct question questions[QUESTION_COUNT] = {
	[QUESTION_FILTER] = {" filter: ", filter_begin, filter_changed, say_wrong,
			     filter_cancelled, filter_hint},
	[QUESTION_JUMP] = {" go to: ", begin_empty, jump_changed, jump_done, cancelled,
			   jump_hint},
	[QUESTION_FIND] = {" find: ", begin_empty, find_changed, say_wrong, cancelled,
			   find_hint},
	[QUESTION_EXPORT] = {" export to: ", export_begin, export_changed, export_done, cancelled,
			     export_hint},
};
