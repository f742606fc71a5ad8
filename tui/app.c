/* SPDX-License-Identifier: MIT */
#include "tui/app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/rows/filter.h"
#include "tui/action.h"
#include "tui/footer.h"
#include "tui/header.h"
#include "tui/time_line.h"

/* Below this nothing readable fits. */
enum { MIN_WIDTH = 20, MIN_HEIGHT = 4 };
/* Rows kept to scroll through while the screen is paused. */
enum { HELD_ROWS = 2000 };

static void choose_columns(struct list *l, const struct table_choice *c)
{
	if (c->count == l->choice.count)
		l->choice = *c;
}

static void init_lists(struct app *a)
{
	unsigned count;
	const struct view *const *all = views(&count);

	for (unsigned i = 0; i < count; i++) {
		if (!all[i]->list)
			continue;
		list_init(&a->lists[i], all[i]->list);
		choose_columns(&a->lists[i], &a->choices.columns[i]);
	}
	a->list = &a->lists[view_index(a->view)];
}

int app_init(struct app *a, const struct app_options *o, int width, int height)
{
	*a = (struct app){
		.view = &view_flows,
		.asking = -1,
		.usage = {ROW_ABSENT, ROW_ABSENT},
		.live = o->live,
		.fade_ns = o->fade_ns,
		.export = o->export,
		.record = o->record,
		.export_ctx = o->export_ctx,
		.payload = o->payload,
		.keep = o->keep,
		.totals = true,
	};
	if (o->choices)
		a->choices = *o->choices;
	a->tree = a->choices.tree;
	snprintf(a->source, sizeof(a->source), "%s", o->source ? o->source : "");
	init_lists(a);
	ladder_init(&a->ladder);
	if (o->keys)
		a->keys = *o->keys;
	else
		keymap_init(&a->keys);
	app_say(a, o->notice ? o->notice : "");
	for (int i = 0; i < QUESTION_COUNT; i++)
		prompt_open(&a->prompts[i], "");
	return canvas_init(&a->canvas, width, height, o->utf8);
}

void app_done(struct app *a)
{
	snapshot_free(a->snapshot);
	ladder_done(&a->ladder);
	free(a->bytes);
	page_done(&a->page);
	canvas_done(&a->canvas);
}

/* --- snapshots ------------------------------------------------------------------------------ */

static uint32_t held_offset(const struct app *a)
{
	uint32_t cursor = a->list->table.cursor;

	return cursor > HELD_ROWS / 2 ? cursor - HELD_ROWS / 2 : 0;
}

bool app_shows_flow(const struct app *a)
{
	return a->view == &view_detail || a->view == &view_ladder || a->view == &view_bytes;
}

/* Those that the view shows, if it shows any. */
static bool has_frames(const struct app *a)
{
	bool wanted = a->view == &view_ladder || (a->view == &view_detail && !a->live);

	return !wanted || (a->ladder.frames && a->ladder.frames->id == a->open.id);
}

static bool has_bytes(const struct app *a)
{
	return a->view != &view_bytes || a->bytes;
}

bool app_query(const struct app *a, struct query *q)
{
	if (a->held && has_frames(a) && has_bytes(a) && !a->errand.kind)
		return false;
	memset(q, 0, sizeof(*q));
	q->fade_ns = a->fade_ns;
	q->ticket = a->ticket;
	q->open_id = app_shows_flow(a) ? a->open.id : 0;
	if (!has_bytes(a)) {
		q->bytes_ns = a->bytes_of.time_ns;
		q->bytes_end = a->bytes_of.end;
	}
	q->frames = a->view == &view_ladder || (q->open_id && !a->live);
	list_query(a, q);
	q->at_ns = a->travel.at_ns;
	q->axis = q->at_ns || a->paused;
	if (a->errand.kind) {
		errand_query(a, q);
	} else if (a->paused) {
		q->offset = held_offset(a);
		q->limit = HELD_ROWS;
	}
	return true;
}

/*
 * What another list asked for comes too late; while paused only the answer to the question for
 * more rows counts.
 */
static bool is_wanted(const struct app *a, const struct snapshot *s)
{
	uint32_t offset = held_offset(a), rest = s->matched > offset ? s->matched - offset : 0;

	if (s->ticket != a->ticket || s->errand || !s->asked_ns != !a->travel.at_ns)
		return false;
	if (!a->paused)
		return true;
	return !a->held && s->offset == offset &&
	       s->row_count == (rest < HELD_ROWS ? rest : HELD_ROWS);
}

/* What is open does not depend on the list; paused, it is taken once. */
static void take_open(struct app *a, struct snapshot *s)
{
	if (s->open_id && s->open_id == a->open.id && !a->held) {
		a->open_gone = !s->open;
		if (s->open)
			a->open = *s->open;
		if (s->open && a->live && !s->at_ns)
			history_sample(&a->history, s->open, s->now_ns);
	}
	if (s->bytes && !a->bytes && s->bytes->time_ns == a->bytes_of.time_ns) {
		a->bytes = s->bytes;
		s->bytes = NULL;
	}
	if (!s->frames || s->frames->id != a->open.id || (a->held && has_frames(a)))
		return;
	ladder_take(&a->ladder, s->frames);
	if (!a->live)
		history_of_frames(&a->history, s->frames);
	s->frames = NULL;
}

void app_take(struct app *a, struct snapshot *s)
{
	struct table_source source;

	if (s->asked_ns && !s->at_ns && a->travel.at_ns) {
		travel_now(a);
		app_say(a, s->error);
	}
	take_open(a, s);
	errand_take(a, s);
	if (!is_wanted(a, s)) {
		snapshot_free(s);
		return;
	}
	if (a->snapshot)
		record_take(a, &a->snapshot->record, &s->record);
	snapshot_free(a->snapshot);
	a->snapshot = s;
	a->held = a->paused;
	list_source(a, &source);
	table_update(&a->list->table, &source);
	seek_take(a, s);
	if (a->view->update)
		a->view->update(a);
	travel_arrived(a);
}

const struct view *app_list_view(const struct app *a)
{
	unsigned count;
	const struct view *const *all = views(&count);

	return all[a->list - a->lists];
}

void app_keep(struct app *a, const char *setting, const char *name, const char *value)
{
	struct err e = {""};

	if (!a->keep)
		app_say(a, "this holds until the end: there is no configuration to keep it in");
	else if (a->keep(NULL, setting, name, value, &e))
		app_say(a, e.text);
}

bool app_answered(const struct app *a)
{
	return a->snapshot && a->snapshot->ticket == a->ticket;
}

bool app_complete(const struct app *a)
{
	struct table_source source;

	if (a->held || !a->snapshot || !a->view->list)
		return true;
	list_source(a, &source);
	return app_answered(a) && table_complete(&a->list->table, &source);
}

const char *app_source_name(const struct app *a)
{
	const char *name = a->snapshot && *a->snapshot->source ? a->snapshot->source : a->source;
	const char *slash = strrchr(name, '/');

	return slash && slash[1] ? slash + 1 : name;
}

/* --- state ---------------------------------------------------------------------------------- */

/* They are left for where they were asked; everything else for the first list. */
static bool is_aside(const struct view *v)
{
	return v == &view_help || v == &view_detail || v == &view_ladder || v == &view_bytes ||
	       v == &view_socket;
}

/* Other rows are wanted: what was held or is on its way answers another question. */
static void ask_anew(struct app *a)
{
	a->ticket++;
	a->held = false;
}

static void turn_to(struct app *a, const struct view *v)
{
	a->view = v;
	a->page.top = 0;
	if (v->list && a->list != &a->lists[view_index(v)]) {
		a->list = &a->lists[view_index(v)];
		ask_anew(a);
	}
	if (v->update && a->snapshot)
		v->update(a);
}

/* A view that was on the way here is gone back to. */
static void leave_trail(struct app *a, const struct view *to)
{
	int at = 0;

	while (at < a->trail_len && a->trail[at] != to)
		at++;
	if (!is_aside(to))
		a->trail_len = 0;
	else if (at < a->trail_len)
		a->trail_len = at;
	else if (a->trail_len < APP_TRAIL_MAX)
		a->trail[a->trail_len++] = a->view;
}

void app_show(struct app *a, const struct view *v)
{
	if (v == a->view)
		return;
	leave_trail(a, v);
	turn_to(a, v);
}

void app_show_anew(struct app *a, const struct view *v)
{
	app_show(a, v);
	ask_anew(a);
}

void app_open(struct app *a)
{
	struct table_source source;

	list_source(a, &source);
	table_point(&a->list->table, &source, a->list->table.cursor);
	a->list->kind->open(a, list_row(a));
}

void app_open_flow(struct app *a, const struct flow_row *row)
{
	if (a->history.id != row->id)
		history_clear(&a->history);
	a->open = *row;
	a->open_gone = false;
	app_show(a, &view_detail);
}

void app_open_socket(struct app *a, const struct socket_row *row)
{
	a->open_socket = *row;
	app_show(a, &view_socket);
}

void app_show_scope(struct app *a, const struct view *v, const struct app_scope *scope)
{
	const struct view *from = a->view;

	a->scope = *scope;
	a->scope.from = from;
	app_show(a, v);
	table_home(&a->list->table);
	ask_anew(a);
}

static void leave_scope(struct app *a)
{
	const struct view *from = a->scope.from;

	a->scope = (struct app_scope){0};
	ask_anew(a);
	app_show(a, from);
}

void app_back(struct app *a)
{
	if (a->view->list && *a->scope.name) {
		leave_scope(a);
	} else if (a->trail_len) {
		turn_to(a, a->trail[--a->trail_len]);
	} else if (a->view != &view_flows) {
		app_show(a, &view_flows);
	} else if (!a->paused) {
		app_set_filter(a, "");
	}
}

const struct flow_row *app_flow(const struct app *a)
{
	if (app_shows_flow(a))
		return &a->open;
	return a->view->list && a->view->list->of == QUERY_FLOWS ? list_row(a) : NULL;
}

void app_show_bytes(struct app *a, const struct recent_note *frame)
{
	free(a->bytes);
	a->bytes = NULL;
	a->bytes_of = *frame;
	app_show(a, &view_bytes);
}

void app_pause(struct app *a, bool on)
{
	a->paused = on;
	a->held = false;
}

void app_set_filter(struct app *a, const char *text)
{
	struct list *l = a->list;

	if (!strcmp(l->filter, text))
		return;
	snprintf(l->filter, sizeof(l->filter), "%s", text);
	/* Other rows: begin at the top, unless the cursor sticks to one of them. */
	if (!l->table.sticky)
		table_home(&l->table);
}

/* A list need not know all fields that another one has. */
void app_recall_filter(struct app *a, const struct saved_filter *saved)
{
	struct filter *f = NULL;
	struct err e = {""};

	if (filter_compile(&f, filter_table_of(a->list->kind->of), saved->text, NULL, &e))
		app_say(a, e.text);
	else
		app_set_filter(a, saved->text);
	filter_free(f);
}

/* --- input ---------------------------------------------------------------------------------- */

void app_ask(struct app *a, enum question_id q)
{
	char text[PROMPT_MAX];

	questions[q].begin(a, text, sizeof(text));
	prompt_open(&a->prompts[q], text);
	a->wrong[0] = '\0';
	a->asking = (int)q;
}

void app_say(struct app *a, const char *message)
{
	snprintf(a->message, sizeof(a->message), "%s", message);
}

static void type(struct app *a, uint32_t key)
{
	const struct question *q = &questions[a->asking];
	struct prompt *p = &a->prompts[a->asking];

	switch (prompt_key(p, key)) {
	case PROMPT_IDLE: break;
	case PROMPT_CHANGED: q->changed(a, p->text); break;
	case PROMPT_DONE:
		a->asking = -1;
		q->done(a, p->text);
		break;
	case PROMPT_CANCELLED:
		a->asking = -1;
		q->cancelled(a);
		break;
	}
}

void app_act(struct app *a, const struct action *act)
{
	const char *reason = act->why_not ? act->why_not(a) : NULL;

	if (reason)
		app_say(a, reason);
	else
		act->run(a, act->arg);
}

static void press(struct app *a, uint32_t key)
{
	const struct action *act = keymap_action(&a->keys, key);
	const struct view *v = view_by_key(key);

	if (act)
		app_act(a, act);
	else if (v)
		app_show(a, v);
}

static void resize(struct app *a, int width, int height)
{
	/* Out of memory: the old size is drawn, clipped by the terminal. */
	(void)canvas_resize(&a->canvas, width, height);
	canvas_clear(&a->canvas);
}

void app_input(struct app *a, const struct input *in)
{
	const struct view *tab;
	int64_t time_ns;

	if (in->kind != INPUT_RESIZE)
		app_say(a, "");
	switch (in->kind) {
	case INPUT_RESIZE: resize(a, in->width, in->height); break;
	case INPUT_CLICK:
		if (a->menu.menu) {
			menu_click(a, in->y, in->x);
			break;
		}
		tab = header_tab_at(a, in->y, in->x);
		time_ns = time_line_at(a, in->y, in->x);
		if (tab)
			app_show(a, tab);
		else if (time_ns)
			travel_to(a, time_ns);
		else if (a->view->click)
			a->view->click(a, in->y, in->x);
		break;
	case INPUT_KEY:
		/* Leaving the program works everywhere. */
		if (in->key == INPUT_CTRL('C') || in->key == INPUT_CTRL('Z'))
			press(a, in->key);
		else if (a->asking >= 0)
			type(a, in->key);
		else if (a->menu.menu)
			menu_key(a, in->key);
		else
			press(a, in->key);
		break;
	}
}

/* --- drawing -------------------------------------------------------------------------------- */

void app_tick(struct app *a, int64_t clock_ns)
{
	travel_tick(a, clock_ns);
}

void app_draw(struct app *a)
{
	struct canvas *c = &a->canvas;
	struct area body = {.width = c->width};

	canvas_clear(c);
	if (c->width < MIN_WIDTH || c->height < MIN_HEIGHT) {
		canvas_text(c, 0, 0, c->width, STYLE_WARN, "too small");
		return;
	}
	body.y = header_height(a);
	body.height = c->height - body.y - 1 - time_line_height(a);
	header_draw(a);
	a->view->draw(a, body);
	if (a->menu.menu)
		menu_draw(a, body);
	if (time_line_height(a))
		time_line_draw(a, (struct area){.y = c->height - 2, .width = c->width, .height = 1});
	footer_draw(a, (struct area){.y = c->height - 1, .width = c->width, .height = 1});
}
