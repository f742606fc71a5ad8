/* SPDX-License-Identifier: MIT */
#include "tui/action.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/filter.h"
#include "tui/app.h"
#include "tui/keymap.h"
#include "tui/list_actions.h"

/* --- what must hold ------------------------------------------------------------------------- */

static const char *need_row(const struct app *a)
{
	const char *reason = need_list(a);

	return reason ? reason : list_row(a) ? NULL : "nothing is under the cursor";
}

static const char *need_open_flow(const struct app *a)
{
	return app_shows_flow(a) ? NULL : "only of a flow that is open: Enter opens one";
}

static const char *need_filterable_row(const struct app *a)
{
	const char *reason = need_flowing_list(a);

	return reason ? reason : need_row(a);
}

static const char *need_text(const struct app *a)
{
	return a->view->find ? NULL : need_flowing_list(a);
}

static const char *need_place(const struct app *a)
{
	return a->view->find ? NULL : need_flowing_list(a);
}

static const char *need_sought(const struct app *a)
{
	const char *reason = need_place(a);

	return reason ? reason : *a->sought ? NULL : "nothing was to be found yet: f asks";
}

/* Of the tagged ones, which need not be on the screen, or of one. */
static const char *need_flow(const struct app *a)
{
	bool tagged = a->view->list && a->view->list->of == QUERY_FLOWS && a->list->tagged.count;

	return tagged || app_flow(a) ? NULL : "there is no flow under the cursor";
}

static const char *need_export(const struct app *a)
{
	return a->export ? need_list(a) : "nothing can be written here";
}

static const char *need_past(const struct app *a)
{
	return a->travel.at_ns ? NULL : "this is now: Left goes back in time";
}

static const char *need_sort(const struct app *a)
{
	const char *reason = need_flowing_list(a);

	return reason ? reason : a->list->table.sort >= 0 ? NULL : "not sorted by a column yet: s does";
}

static const char *need_filter(const struct app *a)
{
	const char *reason = need_flowing_list(a);

	return reason ? reason : *a->list->filter ? NULL : "no filter is set";
}

static const char *need_way_back(const struct app *a)
{
	bool first = a->view == &view_flows && !*a->scope.name;

	return !first || !need_filter(a) ? NULL : "this is the first view: q leaves";
}

/* --- what is done --------------------------------------------------------------------------- */

static void do_move(struct app *a, int how)
{
	a->view->move(a, (enum move)how);
}

static void do_open(struct app *a, int arg)
{
	(void)arg;
	app_open(a);
}

static void do_back(struct app *a, int arg)
{
	(void)arg;
	app_back(a);
}

static void do_ask(struct app *a, int question)
{
	app_ask(a, (enum question_id)question);
}

/* One key for both: rows are chosen where there are rows, text is found where there is text. */
static void do_filter(struct app *a, int arg)
{
	(void)arg;
	app_ask(a, a->view->find ? QUESTION_FIND : QUESTION_FILTER);
}

static void do_ask_find(struct app *a, int arg)
{
	(void)arg;
	app_ask(a, a->view->find ? QUESTION_FIND : QUESTION_SEEK);
}

static void do_find(struct app *a, int step)
{
	if (!a->view->find)
		seek_row(a, step);
	else if (!a->view->find(a, a->sought, step))
		app_say(a, "nothing has this");
}

static void do_copy(struct app *a, int kind)
{
	errand_copy(a, (enum errand_kind)kind);
}

/* The cell of the row in the sorted column, or in the first. */
static void do_filter_cell(struct app *a, int arg)
{
	const struct list_kind *kind = a->list->kind;
	int column = a->list->table.sort >= 0 ? a->list->table.sort : 0;
	const struct field *f = kind->field(kind->columns[column].sort);
	const char *now = a->list->filter;
	char cell[PROMPT_MAX], text[2 * PROMPT_MAX + 16];

	(void)arg;
	if (!f || !filter_of_cell(cell, sizeof(cell), f, list_row(a))) {
		app_say(a, "nothing is known there: s chooses another column");
		return;
	}
	if (*now)
		snprintf(text, sizeof(text), "(%s) and %s", now, cell);
	else
		snprintf(text, sizeof(text), "%s", cell);
	if (strlen(text) >= PROMPT_MAX)
		app_say(a, "this filter would be too long");
	else
		app_set_filter(a, text);
}

static void do_ladder(struct app *a, int arg)
{
	(void)arg;
	if (a->view == &view_ladder)
		app_back(a);
	else
		app_show(a, &view_ladder);
}

static const char *need_frame(const struct app *a)
{
	const struct ladder *l = &a->ladder;

	if (a->view == &view_bytes)
		return NULL;
	if (a->view != &view_ladder || !ladder_count(l))
		return "only of a frame in a ladder: l shows one";
	if (l->rungs[l->cursor].part != RUNG_FRAME)
		return "calls are seen without their bytes: choose a frame";
	return a->payload ? NULL : "bytes are kept only if asked for: start with --payload";
}

static void do_bytes(struct app *a, int arg)
{
	(void)arg;
	if (a->view == &view_bytes)
		app_back(a);
	else
		app_show_bytes(a, ladder_note(&a->ladder, a->ladder.cursor));
}

static void do_clear_filter(struct app *a, int arg)
{
	(void)arg;
	app_set_filter(a, "");
}

static void do_sort(struct app *a, int step)
{
	struct table_source source;

	list_source(a, &source);
	table_sort_step(&a->list->table, &source, step);
}

static void do_reverse(struct app *a, int arg)
{
	(void)arg;
	a->list->table.descending = !a->list->table.descending;
}

static void do_pause(struct app *a, int arg)
{
	(void)arg;
	if (a->travel.at_ns)
		travel_play(a);
	else
		app_pause(a, !a->paused);
}

static void do_step(struct app *a, int steps)
{
	travel_step(a, steps);
}

static void do_now(struct app *a, int arg)
{
	(void)arg;
	travel_now(a);
}

static void do_play(struct app *a, int arg)
{
	(void)arg;
	travel_play(a);
}

static void do_speed(struct app *a, int by)
{
	travel_speed(a, by);
}

static void do_units(struct app *a, int arg)
{
	(void)arg;
	a->exact = !a->exact;
}

static void do_next_view(struct app *a, int step)
{
	unsigned count, at = 0;
	const struct view *const *all = views(&count);

	for (unsigned i = 0; i < count; i++) {
		if (all[i] == a->view)
			at = i;
	}
	do
		at = (at + (unsigned)(step + (int)count)) % count;
	while (!all[at]->key);
	app_show(a, all[at]);
}

static void do_repaint(struct app *a, int arg)
{
	(void)arg;
	a->repaint = true;
}

static void do_suspend(struct app *a, int arg)
{
	(void)arg;
	a->suspend = true;
}

/* Once more leaves it, as users try. */
static void do_help(struct app *a, int arg)
{
	(void)arg;
	if (a->view == &view_help)
		app_back(a);
	else
		app_show(a, &view_help);
}

static void do_quit(struct app *a, int arg)
{
	(void)arg;
	a->quit = true;
}

static void do_record(struct app *a, int arg)
{
	(void)arg;
	record_turn(a);
}

#define CTRL INPUT_CTRL

static const struct action all_actions[] = {
	/* name, group, label, help, keys, pinned, why not, run, argument */
	{"open", "Look", "open", "what is under the cursor: all of a flow, the flows of a process",
	 {INPUT_ENTER}, false, need_row, do_open, 0},
	{"ladder", "Look", "ladder", "the frames of the open flow, from end to end in their order; or back",
	 {'l'}, false, need_open_flow, do_ladder, 0},
	{"bytes", "Look", NULL, "the bytes of the frame under the cursor, with --payload; or back",
	 {'X'}, false, need_frame, do_bytes, 0},
	{"filter", "Find", "filter", "show only some rows, as you type: curl, port = 443, rtt > 50ms ...; in a ladder, find",
	 {'/'}, false, need_text, do_filter, 0},
	{"find", "Find", NULL, "go to a row that a filter would keep, and hide none; in a ladder, to a frame",
	 {'f'}, false, need_place, do_ask_find, 0},
	{"find-next", "Find", NULL, "the next that has what was looked for",
	 {'n'}, false, need_sought, do_find, 1},
	{"find-previous", "Find", NULL, "the one before",
	 {'N'}, false, need_sought, do_find, -1},
	{"filter-cell", "Find", NULL, "only rows that have what this one has in the sorted column, or else in the first",
	 {'x'}, false, need_filterable_row, do_filter_cell, 0},
	{"clear-filter", "Find", NULL, "show all rows again",
	 {'c'}, false, need_filter, do_clear_filter, 0},
	{"filters", "Find", NULL, "filters that have names: take one, or forget it",
	 {'F'}, false, need_saved_filter, do_filters, 0},
	{"save-filter", "Find", NULL, "give the filter a name, and keep it in the configuration",
	 {'+'}, false, need_filter, do_ask, QUESTION_SAVE},
	{"sort-next", "Look", "sort", "sort by the next column",
	 {'s', '>'}, false, need_flowing_list, do_sort, 1},
	{"sort-previous", "Look", NULL, "sort by the previous column",
	 {'S', '<'}, false, need_flowing_list, do_sort, -1},
	{"reverse", "Look", "reverse", "turn the order round",
	 {'r'}, false, need_sort, do_reverse, 0},
	{"columns", "Look", NULL, "which columns are shown, and in what order; kept in the configuration",
	 {'C'}, false, need_list, do_columns, 0},
	{"group", "Look", NULL, "add flows up by process, host, port, container ..., or list each",
	 {'b'}, false, need_flow_list, do_group, 0},
	{"tree", "Look", NULL, "processes below their parents, or in one list",
	 {'T'}, false, need_tree, do_tree, 0},
	{"fold", "Look", NULL, "hide what is below this process, or show it again",
	 {'-'}, false, need_branch, do_fold, 0},
	{"totals", "Look", NULL, "a line with the sums of all rows, or none",
	 {'='}, false, need_list, do_totals, 0},
	{"pause", "Look", "pause", "hold the screen still, or go on; capture always goes on",
	 {'p', ' '}, false, NULL, do_pause, 0},
	{"earlier", "Time", "earlier", "step back in time: what was known then; live for 15 minutes, of a file all of it",
	 {INPUT_LEFT}, false, travel_why_not, do_step, -1},
	{"later", "Time", NULL, "step on in time",
	 {INPUT_RIGHT}, false, need_past, do_step, 1},
	{"much-earlier", "Time", NULL, "60 steps back",
	 {'('}, false, travel_why_not, do_step, -TRAVEL_FAR},
	{"much-later", "Time", NULL, "60 steps on",
	 {')'}, false, need_past, do_step, TRAVEL_FAR},
	{"now", "Time", NULL, "to what is known now, or the end of the file",
	 {'0'}, false, need_past, do_now, 0},
	{"play", "Time", NULL, "go on as time went, or stand still; from the beginning when this is now",
	 {'P'}, false, travel_why_not, do_play, 0},
	{"faster", "Time", NULL, "play faster",
	 {']'}, false, travel_why_not, do_speed, 1},
	{"slower", "Time", NULL, "play slower",
	 {'['}, false, travel_why_not, do_speed, -1},
	{"units", "Look", "units", "numbers with units, or exact",
	 {'u'}, false, NULL, do_units, 0},
	{"tag", "Take along", NULL, "mark the row, or no longer: tagged rows are copied and exported instead of others",
	 {'t'}, false, need_row, do_tag, 0},
	{"only-tagged", "Take along", NULL, "show only tagged rows, or all",
	 {'*'}, false, need_flowing_tags, do_only_tagged, 0},
	{"untag", "Take along", NULL, "no row is tagged any more",
	 {'U'}, false, need_tags, do_untag, 0},
	{"copy", "Take along", NULL, "an expression for tcpdump that finds this flow, to the clipboard of the terminal (OSC 52)",
	 {'y'}, false, need_flow, do_copy, ERRAND_COPY},
	{"copy-ends", "Take along", NULL, "protocol, addresses and ports of this flow, to the clipboard",
	 {'Y'}, false, need_flow, do_copy, ERRAND_COPY_ENDS},
	{"export", "Take along", NULL, "all rows of this list to a new file, as a report in the format that its extension names",
	 {'e'}, false, need_export, do_ask, QUESTION_EXPORT},
	{"record", "Take along", NULL, "write what is captured from now on to a file, with its processes; or end that",
	 {'w'}, false, record_why_not, do_record, 0},
	{"up", "Move", NULL, "one line up",
	 {INPUT_UP, 'k', INPUT_WHEEL_UP}, false, NULL, do_move, MOVE_UP},
	{"down", "Move", NULL, "one line down; the cursor then sticks to its row",
	 {INPUT_DOWN, 'j', INPUT_WHEEL_DOWN}, false, NULL, do_move, MOVE_DOWN},
	{"page-up", "Move", NULL, "one page up",
	 {INPUT_PAGE_UP, CTRL('B')}, false, NULL, do_move, MOVE_PAGE_UP},
	{"page-down", "Move", NULL, "one page down",
	 {INPUT_PAGE_DOWN, CTRL('F')}, false, NULL, do_move, MOVE_PAGE_DOWN},
	{"home", "Move", NULL, "to the top; the cursor lets go of its row",
	 {INPUT_HOME, 'g'}, false, NULL, do_move, MOVE_HOME},
	{"end", "Move", NULL, "to the end",
	 {INPUT_END, 'G'}, false, NULL, do_move, MOVE_END},
	{"back", "Move", "back", "back to where you came from; in the list, drop the filter",
	 {INPUT_ESCAPE, INPUT_BACKSPACE}, false, need_way_back, do_back, 0},
	{"go-to", "Move", NULL, "a view or an action by its name",
	 {':'}, false, NULL, do_ask, QUESTION_JUMP},
	{"next-view", "Move", NULL, "the next view",
	 {INPUT_TAB}, false, NULL, do_next_view, 1},
	{"previous-view", "Move", NULL, "the previous view",
	 {INPUT_BACK_TAB}, false, NULL, do_next_view, -1},
	{"repaint", "Program", NULL, "draw the whole screen again",
	 {CTRL('L')}, false, NULL, do_repaint, 0},
	{"suspend", "Program", NULL, "back to the shell; fg returns",
	 {CTRL('Z')}, false, NULL, do_suspend, 0},
	{"help", "Program", "help", "this page",
	 {'?', 'h', INPUT_F1}, true, NULL, do_help, 0},
	{"quit", "Program", "quit", "leave",
	 {'q', CTRL('C')}, true, NULL, do_quit, 0},
};

enum { ACTION_COUNT = sizeof(all_actions) / sizeof(all_actions[0]) };
_Static_assert((int)ACTION_COUNT <= (int)KEYMAP_ACTIONS, "there are keys for all actions");

const struct action *actions(unsigned *count)
{
	*count = ACTION_COUNT;
	return all_actions;
}

const struct action *action_by_name(const char *name)
{
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		if (!strcmp(all_actions[i].name, name))
			return &all_actions[i];
	}
	return NULL;
}
