/* SPDX-License-Identifier: MIT
 *
 * What keys do with lists alone, and why they sometimes cannot: for the table of actions.
 */
#ifndef SOCKLENS_TUI_LIST_ACTIONS_H
#define SOCKLENS_TUI_LIST_ACTIONS_H

struct app;

const char *need_list(const struct app *a);
/* The engine sorts and filters; the rows at hand are only some of all. */
const char *need_flowing_list(const struct app *a);
const char *need_saved_filter(const struct app *a);
const char *need_tags(const struct app *a);
const char *need_flowing_tags(const struct app *a);
const char *need_tree(const struct app *a);
const char *need_branch(const struct app *a);
const char *need_flow_list(const struct app *a);

void do_columns(struct app *a, int arg);
void do_totals(struct app *a, int arg);
void do_tag(struct app *a, int arg);
void do_only_tagged(struct app *a, int arg);
void do_untag(struct app *a, int arg);
void do_tree(struct app *a, int arg);
void do_fold(struct app *a, int arg);
void do_group(struct app *a, int arg);
void do_filters(struct app *a, int arg);

#endif
