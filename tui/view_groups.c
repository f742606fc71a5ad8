/* SPDX-License-Identifier: MIT
 *
 * The flows added up by what they have in common: process, host, port, container, ... In the place
 * of the list of flows, whose filter says which flows they are.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/filter.h"
#include "tui/app.h"

static void cell_key(const struct list_cell *c)
{
	cell_own(c, STYLE_STRONG);
}

/* --- columns -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{cell_key, "GROUP", "what its flows have in common", "key", 20, 48, 0, COLUMN_TEXT},
	{cell_plain, "FLOWS", "flows of it", "flows", 5, 7, 1, COLUMN_SUM},
	{cell_bad, "FAILED", "of them refused, reset at once or never answered",
	 "failed", 6, 7, 2, COLUMN_SUM},
	{cell_some, "BYTES", "bytes of both directions", "bytes", 6, 6, 2, COLUMN_SUM},
	{cell_up, "UP", "bits a second that it sends", "sent_bps", 6, 6, 3, COLUMN_SUM},
	{cell_down, "DOWN", "bits a second that it receives", "received_bps", 6, 6, 3, COLUMN_SUM},
	{cell_some, "SENT", "bytes sent by it, or by the originators", "sent_bytes", 6, 6, 4,
	 COLUMN_SUM},
	{cell_some, "RECV", "bytes received", "received_bytes", 6, 6, 4, COLUMN_SUM},
	{cell_some, "PKTS", "packets of both directions", "packets", 6, 7, 5, COLUMN_SUM},
	{cell_warn, "RETX", "segments sent again", "retransmissions", 5, 6, 5, COLUMN_SUM},
	{cell_plain, "RTT", "average round trip of its flows", "rtt_avg", 6, 6, 5, COLUMN_NUMBER},
	{cell_plain, "MAX RTT", "largest of them", "rtt_max", 7, 7, 7, COLUMN_NUMBER},
	{cell_time, "LAST", "time of the last packet, UTC", "last_ns", 8, 8, 6, COLUMN_NUMBER},
};

/* --- what is listed --------------------------------------------------------------------------- */

static const struct group_key *key_named(const char *name)
{
	unsigned count;
	const struct group_key *all = group_keys(&count);

	for (unsigned i = 0; i < count; i++) {
		if (!strcmp(all[i].name, name))
			return &all[i];
	}
	return NULL;
}

/* One that is wrong would keep every flow: not every value fits every field. */
static bool is_filter(const char *text)
{
	struct filter *f = NULL;
	struct err e;
	bool good = !filter_compile(&f, &flow_filter_table, text, NULL, &e);

	filter_free(f);
	return good;
}

/*
 * What holds for the flows of a group: "src.process.name = "x" or dst.process.name = "x"", or,
 * where the first field that is known counts, "app = "x" or not has app and proto = x". false when
 * there is no such expression, or it is too long.
 */
static bool filter_of_key(char *out, size_t cap, const struct group_key *by, const char *key)
{
	char before[QUERY_FILTER_MAX] = "", one[QUERY_FILTER_MAX];
	size_t len = 0, n;

	out[0] = '\0';
	for (const char *at = by->fields; *at; at += n + (at[n] == ' ')) {
		char name[64];

		n = strcspn(at, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, at);
		if (filter_of_value(one, sizeof(one), field_find(name), key) && is_filter(one))
			len += (size_t)snprintf(out + len, cap - len, "%s%s%s", len ? " or " : "",
						before, one);
		if (len >= cap)
			return false;
		if (!by->ends)
			snprintf(before + strlen(before), sizeof(before) - strlen(before),
				 "not has %s and ", name);
	}
	return len > 0;
}

static void open_row(struct app *a, const void *row)
{
	const struct group_row *group = row;
	const struct group_key *by = key_named(a->list->group);
	struct app_scope scope = {0};

	if (group->key[0] == '(' ||
	    !filter_of_key(scope.only, sizeof(scope.only), by, group->key)) {
		app_say(a, "there is no filter for these");
		return;
	}
	snprintf(scope.name, sizeof(scope.name), "%s %.60s", by->name, group->key);
	app_show_scope(a, &view_flows, &scope);
}

static const struct list_kind kind = {
	.of = QUERY_GROUPS,
	.group = "process",
	.one = "group",
	.many = "groups",
	.sort = "bytes",
	.field = group_field_find,
	LIST_COLUMNS(columns),
	.open = open_row,
};

const struct view view_groups = {
	.name = "groups",
	.title = "Groups",
	.help = "flows added up by what they have in common",
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};

/* --- what they are grouped by ----------------------------------------------------------------- */

static unsigned key_count(const struct app *a)
{
	unsigned count;

	(void)a;
	group_keys(&count);
	return count + 1; /* the first is none */
}

static void key_item(const struct app *a, unsigned i, struct menu_item *out)
{
	unsigned count;
	const struct group_key *key = i ? &group_keys(&count)[i - 1] : NULL;
	const struct list *l = &a->lists[view_index(&view_groups)];
	bool grouped = a->list == l;

	out->mark = (key ? grouped && !strcmp(l->group, key->name) : !grouped) ? "(x)" : "( )";
	snprintf(out->name, sizeof(out->name), "%s", key ? key->name : "none");
	snprintf(out->help, sizeof(out->help), "%s", key ? key->help : "each flow by itself");
}

static void group_by(struct app *a, const char *by)
{
	struct list *l = &a->lists[view_index(&view_groups)];

	if (strcmp(l->group, by)) {
		l->group = by;
		l->tagged = (struct id_set){0}; /* other rows, other ids */
		l->only_tagged = false;
		table_home(&l->table);
	}
	app_show_anew(a, &view_groups);
}

static unsigned key_key(struct app *a, unsigned i, uint32_t k)
{
	unsigned count;

	if (k != INPUT_ENTER && k != ' ')
		return i;
	menu_close(a);
	if (i)
		group_by(a, group_keys(&count)[i - 1].name);
	else
		app_show(a, &view_flows);
	return i;
}

const struct menu menu_groups = {
	.title = "Add flows up by",
	.keys = "Enter chooses  Esc leaves",
	.count = key_count,
	.item = key_item,
	.key = key_key,
};
