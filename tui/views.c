/* SPDX-License-Identifier: MIT
 *
 * The table of views, and what views of a page share.
 */
#include "tui/view.h"

#include <limits.h>

#include "tui/app.h"

/* In the order of their tabs. */
static const struct view *const all_views[] = {
	&view_flows,
	&view_processes,
	&view_sockets,
	&view_hosts,
	&view_names,
	&view_problems,
	&view_groups,
	&view_health,
	&view_help,
	&view_detail,
	&view_ladder,
	&view_bytes,
	&view_socket,
};

enum { VIEW_COUNT = sizeof(all_views) / sizeof(all_views[0]) };
_Static_assert((int)VIEW_COUNT <= (int)VIEWS_MAX, "the dashboard has room for all views");

const struct view *const *views(unsigned *count)
{
	*count = VIEW_COUNT;
	return all_views;
}

const struct view *view_by_key(uint32_t key)
{
	for (unsigned i = 0; i < VIEW_COUNT; i++) {
		if (key && all_views[i]->key == key)
			return all_views[i];
	}
	return NULL;
}

unsigned view_index(const struct view *v)
{
	unsigned i = 0;

	while (all_views[i] != v)
		i++;
	return i;
}

void view_page_move(struct app *a, enum move how)
{
	struct page *p = &a->page;
	const int steps[] = {
		[MOVE_UP] = -1,		    [MOVE_DOWN] = 1,	       [MOVE_PAGE_UP] = -p->shown,
		[MOVE_PAGE_DOWN] = p->shown, [MOVE_HOME] = INT_MIN / 2, [MOVE_END] = INT_MAX / 2,
	};

	page_scroll(p, steps[how]);
}
