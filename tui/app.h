/* SPDX-License-Identifier: MIT
 *
 * The dashboard without a terminal: input events and snapshots in, a canvas and questions out.
 * It reads no clock and no file, so a test drives it like a user and reads the screen as text.
 */
#ifndef SOCKLENS_TUI_APP_H
#define SOCKLENS_TUI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/rows/snapshot.h"
#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/choices.h"
#include "tui/errand.h"
#include "tui/export.h"
#include "tui/history.h"
#include "tui/keymap.h"
#include "tui/ladder.h"
#include "tui/list.h"
#include "tui/menu.h"
#include "tui/page.h"
#include "tui/prompt.h"
#include "tui/question.h"
#include "tui/record.h"
#include "tui/row_text.h"
#include "tui/seek.h"
#include "tui/travel.h"
#include "tui/view.h"

struct action;

enum { APP_TRAIL_MAX = 8, COPY_MAX = 32 * 1024 };

struct app_options {
	const char *source; /* interface or file, shown until the first snapshot */
	bool live;
	bool utf8;
	int64_t fade_ns;	   /* closed flows stay this long; < 0 = for ever */
	const struct keymap *keys; /* copied; NULL = as the table of actions says */
	const char *notice;	   /* to be said at first; NULL = nothing */
	export_fn export;	   /* NULL = nothing can be exported */
	record_fn record;	   /* NULL = nothing can be recorded */
	void *export_ctx;	   /* of both */
	bool payload;		   /* bytes of frames may be looked at */
	const struct choices *choices; /* copied; NULL = none were made */
	keep_fn keep;		       /* NULL = they are forgotten at the end */
};

/* What the program itself uses; filled in by who may read clocks. */
struct app_usage {
	int64_t resident_bytes, cpu_ns; /* ROW_ABSENT when unknown */
};

/* One process or host, whose flows or sockets are listed alone. */
struct app_scope {
	uint32_t pid;		 /* 0 = no process */
	char only[384];		 /* filter of flows; "" = none */
	char name[96];		 /* "" = everything is listed */
	const struct view *from; /* where it was chosen, and where Escape leads */
};

struct app {
	struct canvas canvas;
	struct snapshot *snapshot; /* owned; NULL before the first */
	const struct view *view;
	const struct view *trail[APP_TRAIL_MAX]; /* where Escape leads from asides, last one first */
	int trail_len;
	struct list lists[VIEWS_MAX]; /* by view_index; of views that list */
	struct list *list;	      /* shown, or behind the page that is */
	struct app_scope scope;
	uint32_t ticket; /* of the questions since the list or the scope changed */
	struct page page;
	struct keymap keys;
	struct prompt prompts[QUESTION_COUNT];
	int asking;			/* enum question_id: its prompt has the keys; -1 = none */
	char wrong[320];		/* what is wrong with the line being typed; "" = nothing */
	char filter_before[PROMPT_MAX]; /* what Escape brings back */
	struct flow_row open;		/* last known values of the flow in detail */
	struct socket_row open_socket;	/* the same of a socket */
	struct ladder ladder;		/* its frames */
	struct recent_note bytes_of;	/* the frame whose bytes are shown */
	struct frame_bytes *bytes;	/* owned; NULL = they have not come */
	struct history history;		/* and what became of it over time */
	char sought[PROMPT_MAX];	/* text that was to be found last */
	bool open_gone;			/* it is no longer in the engine's table */
	bool paused;
	struct travel travel;	     /* where on the time axis the screen stands */
	bool held;		     /* paused, and the rows to look at meanwhile have come */
	bool exact;		     /* numbers without units */
	bool quit, suspend, repaint; /* asked for; the main loop does it and clears it */
	char message[320];	     /* why the last key did nothing; "" = none */
	char copy[COPY_MAX];	     /* for the clipboard; the main loop takes it; "" = nothing */
	struct errand errand;	     /* its rows are on their way */
	export_fn export;
	record_fn record;
	void *export_ctx;
	bool payload;
	struct choices choices;
	keep_fn keep;
	struct menu_state menu;
	struct seek seek;
	uint32_t seek_origin; /* where the cursor was before the line was typed */
	bool totals; /* a line with sums below each list */
	bool tree;   /* processes: below their parents */
	struct app_usage usage;
	char source[64];
	bool live;
	int64_t fade_ns;
};

/* 0 or -ENOMEM. */
int app_init(struct app *a, const struct app_options *o, int width, int height);
void app_done(struct app *a);

void app_input(struct app *a, const struct input *in);
void app_take(struct app *a, struct snapshot *s); /* takes ownership */

/* The flow that is open, or one of its pages; and the frame whose bytes are. */
bool app_shows_flow(const struct app *a);
void app_show_bytes(struct app *a, const struct recent_note *frame);

/* What to ask the engine; false when nothing is to be asked (paused). */
bool app_query(const struct app *a, struct query *q);

/* false while rows that should be shown are not at hand: an answer is worth waiting for. */
bool app_complete(const struct app *a);

/* The clock says this, ns from anywhere. */
void app_tick(struct app *a, int64_t clock_ns);

/* Draw everything to a->canvas. */
void app_draw(struct app *a);

/* --- for views and actions --- */

void app_show(struct app *a, const struct view *v);
void app_back(struct app *a);
void app_open(struct app *a); /* the row under the cursor; there must be one */
void app_open_flow(struct app *a, const struct flow_row *row);
void app_open_socket(struct app *a, const struct socket_row *row);
/* List only what is of a scope in another view; `from` is set here. */
void app_show_scope(struct app *a, const struct view *v, const struct app_scope *scope);
/* Even where it is shown already: it asks for other rows than before. */
void app_show_anew(struct app *a, const struct view *v);
void app_recall_filter(struct app *a, const struct saved_filter *f);
void app_pause(struct app *a, bool on);
void app_set_filter(struct app *a, const char *text);
void app_ask(struct app *a, enum question_id q);
void app_act(struct app *a, const struct action *act); /* or say why not */
/* The flow that is open, or the one under the cursor; NULL = none. */
const struct flow_row *app_flow(const struct app *a);
void app_say(struct app *a, const char *message);      /* in the footer, until the next key */

/* Put a choice into the configuration (keep_fn), and say what became of it. */
void app_keep(struct app *a, const char *setting, const char *name, const char *value);
/* The view of the list that is shown, or behind the page that is. */
const struct view *app_list_view(const struct app *a);

/* The interface, or the file without its folders. */
const char *app_source_name(const struct app *a);
/* The snapshot answers what the list asks. */
bool app_answered(const struct app *a);

#endif
