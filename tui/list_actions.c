/* SPDX-License-Identifier: MIT */
#include "tui/list_actions.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"

/* --- what must hold ------------------------------------------------------------------------- */

const char *need_list(const struct app *a)
{
	return a->view->list ? NULL : "only in a list: Esc goes back to it";
}

const char *need_flowing_list(const struct app *a)
{
	if (a->paused)
		return "not while paused: p resumes";
	return need_list(a);
}

const char *need_saved_filter(const struct app *a)
{
	const char *reason = need_flowing_list(a);

	if (reason)
		return reason;
	return a->choices.filter_count ? NULL : "no filter has a name yet: + gives it one";
}

const char *need_tags(const struct app *a)
{
	return a->view->list && a->list->tagged.count ? NULL : "no row is tagged: t does";
}

const char *need_flowing_tags(const struct app *a)
{
	const char *reason = need_flowing_list(a);

	return reason ? reason : need_tags(a);
}

const char *need_tree(const struct app *a)
{
	if (a->view != &view_processes)
		return "only processes are a tree: 2 shows them";
	return need_flowing_list(a);
}

const char *need_branch(const struct app *a)
{
	const struct usage_row *row;
	const char *reason = need_tree(a);

	if (reason)
		return reason;
	if (!a->tree)
		return "this is no tree now: T makes one";
	row = list_row(a);
	return row && row->branch != BRANCH_NONE ? NULL : "nothing is below this one";
}

const char *need_flow_list(const struct app *a)
{
	bool flows = a->view == &view_flows || a->view == &view_groups;

	return flows ? NULL : "only flows are added up: 1 shows them";
}

/* --- what is done --------------------------------------------------------------------------- */

void do_columns(struct app *a, int arg)
{
	(void)arg;
	menu_open(a, &menu_columns, 0);
}

void do_totals(struct app *a, int arg)
{
	(void)arg;
	a->totals = !a->totals;
}

/* And on to the next row, so that several are tagged by one key. */
void do_tag(struct app *a, int arg)
{
	struct list *l = a->list;
	uint64_t id;

	(void)arg;
	memcpy(&id, list_row(a), sizeof(id));
	if (!id_set_turn(&l->tagged, id)) {
		app_say(a, "no more than 256 rows can be tagged");
		return;
	}
	if (!l->tagged.count)
		l->only_tagged = false;
	list_move(a, MOVE_DOWN);
}

void do_only_tagged(struct app *a, int arg)
{
	(void)arg;
	a->list->only_tagged = !a->list->only_tagged;
}

void do_untag(struct app *a, int arg)
{
	(void)arg;
	a->list->tagged = (struct id_set){0};
	a->list->only_tagged = false;
}

void do_tree(struct app *a, int arg)
{
	(void)arg;
	a->tree = !a->tree;
}

void do_fold(struct app *a, int arg)
{
	const struct usage_row *row = list_row(a);

	(void)arg;
	if (!id_set_turn(&a->list->folded, row->id))
		app_say(a, "no more than 256 rows can be folded");
}

void do_group(struct app *a, int arg)
{
	(void)arg;
	menu_open(a, &menu_groups, 0);
}

void do_filters(struct app *a, int arg)
{
	(void)arg;
	menu_open(a, &menu_filters, 0);
}
