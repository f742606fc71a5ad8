/* SPDX-License-Identifier: MIT */
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/vis.h"
#include "tui/rescue.h"

enum { ESCAPE_DELAY_MS = 25, RUN_MAX = 512 };

struct term {
	SCREEN *screen;
	FILE *in, *out; /* in is owned when it is not stdin */
	locale_t locale, old_locale;
	bool utf8, resized;
	attr_t attributes[STYLE_COUNT];
	short pairs[STYLE_COUNT];
	struct cell *shown; /* owned; what curses has been told last; NULL = nothing, or it is too old */
	int shown_width, shown_height;
};

/* --- looks ---------------------------------------------------------------------------------- */

static short colour_number(uint8_t colour)
{
	if (colour == COLOUR_DEFAULT)
		return -1;
	return colour >= COLORS ? colour % 8 : colour;
}

static attr_t attributes_of(const struct look *l)
{
	attr_t a = A_NORMAL;

	if (l->bits & LOOK_BOLD)
		a |= A_BOLD;
	if (l->bits & LOOK_DIM)
		a |= A_DIM;
	if (l->bits & LOOK_REVERSE)
		a |= A_REVERSE;
	if (l->bits & LOOK_UNDERLINE)
		a |= A_UNDERLINE;
	/* Terminals of 8 colours show bright ones as bold. */
	if (l->fg != COLOUR_DEFAULT && l->fg >= COLORS)
		a |= A_BOLD;
	return a;
}

static void set_looks(struct term *t, const struct theme *theme)
{
	bool colours = theme->colours && has_colors();

	if (colours) {
		start_color();
		use_default_colors();
	}
	for (int i = 0; i < STYLE_COUNT; i++) {
		const struct look *l = &theme->looks[i];

		if (colours) {
			t->pairs[i] = (short)(i + 1);
			init_pair(t->pairs[i], colour_number(l->fg), colour_number(l->bg));
		}
		t->attributes[i] = attributes_of(l);
	}
}

/* --- start and stop ------------------------------------------------------------------------- */

/* Standard input may be a capture; the keyboard is then the controlling terminal. */
static FILE *open_keyboard(void)
{
	return isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
}

static void close_keyboard(FILE *in)
{
	if (in && in != stdin)
		fclose(in);
}

static void use_locale(struct term *t, bool ascii)
{
	t->locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	if (t->locale)
		t->old_locale = uselocale(t->locale);
	t->utf8 = !ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static void drop_locale(struct term *t)
{
	if (!t->locale)
		return;
	uselocale(t->old_locale);
	freelocale(t->locale);
}

static int no_screen(struct err *e)
{
	const char *name = getenv("TERM");

	return err_set(e, -ENOTSUP,
		       "the terminal \"%.40s\" (TERM) is unknown or cannot place text: try "
		       "TERM=xterm-256color, or `socklens report`",
		       name ? name : "");
}

static void set_modes(const struct term_options *o)
{
	/* Raw: Ctrl-C and Ctrl-Z are rows of the action table like any other key. */
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_DELAY_MS);
	leaveok(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	curs_set(0);
	if (o->mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED,
			  NULL);
		mouseinterval(0);
	}
}

int term_start(struct term **out, const struct term_options *o, struct err *e)
{
	struct term *t;
	int r = 0;

	if (!isatty(STDOUT_FILENO))
		return err_set(e, -ENOTTY,
			       "the dashboard needs a terminal, and standard output is none; "
			       "`socklens report` writes anywhere");
	t = calloc(1, sizeof(*t));
	if (!t)
		return err_set(e, -ENOMEM, "out of memory for the terminal");
	t->out = stdout;
	t->in = open_keyboard();
	if (!t->in) {
		r = err_set(e, -ENOTTY, "no keyboard: standard input and /dev/tty are no terminal");
		goto out_free;
	}
	rescue_arm(STDOUT_FILENO);
	use_locale(t, o->ascii);
	t->screen = newterm(NULL, t->out, t->in);
	if (!t->screen) {
		r = no_screen(e);
		goto out_locale;
	}
	if (!tigetstr("cup") || !tigetstr("clear")) { /* TERM=dumb */
		r = no_screen(e);
		goto out_screen;
	}
	set_modes(o);
	set_looks(t, o->theme);
	*out = t;
	return 0;
out_screen:
	endwin();
	delscreen(t->screen);
out_locale:
	drop_locale(t);
	rescue_disarm();
	close_keyboard(t->in);
out_free:
	free(t);
	return r;
}

void term_stop(struct term *t)
{
	if (!t)
		return;
	endwin();
	delscreen(t->screen);
	rescue_disarm();
	drop_locale(t);
	close_keyboard(t->in);
	free(t->shown);
	free(t);
}

int term_fd(const struct term *t)
{
	return fileno(t->in);
}

bool term_utf8(const struct term *t)
{
	return t->utf8;
}

void term_size(const struct term *t, int *width, int *height)
{
	(void)t;
	*width = COLS;
	*height = LINES;
}

void term_suspend(struct term *t)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, old;

	endwin();
	sigaction(SIGTSTP, &stop, &old);
	raise(SIGTSTP); /* returns when the shell says fg */
	sigaction(SIGTSTP, &old, NULL);
	t->resized = true; /* the window may have changed meanwhile */
	term_repaint(t);
}

/* --- input ---------------------------------------------------------------------------------- */

static const struct {
	int curses;
	uint32_t key;
} keys[] = {
	{KEY_UP, INPUT_UP},
	{KEY_DOWN, INPUT_DOWN},
	{KEY_LEFT, INPUT_LEFT},
	{KEY_RIGHT, INPUT_RIGHT},
	{KEY_PPAGE, INPUT_PAGE_UP},
	{KEY_NPAGE, INPUT_PAGE_DOWN},
	{KEY_HOME, INPUT_HOME},
	{KEY_END, INPUT_END},
	{KEY_BACKSPACE, INPUT_BACKSPACE},
	{KEY_DC, INPUT_DELETE},
	{KEY_BTAB, INPUT_BACK_TAB},
	{KEY_F(1), INPUT_F1},
	{KEY_ENTER, INPUT_ENTER},
};

static bool read_mouse(struct input *in)
{
	MEVENT m;

	if (getmouse(&m) != OK)
		return false;
	*in = (struct input){.kind = INPUT_KEY, .x = m.x, .y = m.y};
	if (m.bstate & BUTTON4_PRESSED)
		in->key = INPUT_WHEEL_UP;
	else if (m.bstate & BUTTON5_PRESSED)
		in->key = INPUT_WHEEL_DOWN;
	else
		in->kind = INPUT_CLICK;
	return true;
}

static bool read_special(int key, struct input *in)
{
	if (key == KEY_MOUSE)
		return read_mouse(in);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].curses == key) {
			*in = (struct input){.kind = INPUT_KEY, .key = keys[i].key};
			return true;
		}
	}
	return false;
}

/* Everything has to be told again. */
static void forget_shown(struct term *t)
{
	free(t->shown);
	t->shown = NULL;
}

static void read_size(struct term *t, struct input *in)
{
	struct winsize w;

	t->resized = false;
	if (!ioctl(fileno(t->out), TIOCGWINSZ, &w) && w.ws_row && w.ws_col)
		resizeterm(w.ws_row, w.ws_col);
	forget_shown(t);
	*in = (struct input){.kind = INPUT_RESIZE, .width = COLS, .height = LINES};
}

/* Backspace and Enter arrive as several codes, depending on the terminal. */
static uint32_t same_key(wint_t ch)
{
	return ch == 0x7f || ch == 0x08 ? INPUT_BACKSPACE : ch == '\n' ? INPUT_ENTER : (uint32_t)ch;
}

bool term_read(struct term *t, struct input *in)
{
	wint_t ch;
	int kind;

	if (t->resized) {
		read_size(t, in);
		return true;
	}
	while ((kind = get_wch(&ch)) != ERR) {
		if (kind == OK) {
			*in = (struct input){.kind = INPUT_KEY, .key = same_key(ch)};
			return true;
		}
		if (read_special((int)ch, in))
			return true;
	}
	return false;
}

/* --- output --------------------------------------------------------------------------------- */

/*
 * Cells of one style from x on, as one string; returns how many cells. Wide characters, since the
 * byte functions of curses ask the process's locale and not the thread's.
 */
static int run_of(const struct canvas *c, int y, int x, wchar_t out[RUN_MAX])
{
	const struct cell *first = canvas_at(c, y, x), *cell;
	size_t len = 0;
	int n = 0;

	while ((cell = canvas_at(c, y, x + n)) && cell->style == first->style &&
	       len < RUN_MAX - CELL_BYTES) {
		uint32_t cp;

		for (unsigned at = 0; at < cell->len; len++) {
			at += utf8_decode((const uint8_t *)cell->text + at, cell->len - at, &cp);
			out[len] = (wchar_t)cp;
		}
		n++;
	}
	out[len] = L'\0';
	return n;
}

static void show_line(struct term *t, const struct canvas *c, int y)
{
	wchar_t run[RUN_MAX];

	for (int x = 0, n; x < c->width; x += n) {
		uint8_t style = canvas_at(c, y, x)->style;

		n = run_of(c, y, x, run);
		attr_set(t->attributes[style], t->pairs[style], NULL);
		mvaddwstr(y, x, run);
	}
}

/* Without memory for it everything is told each time. */
static void remember_shown(struct term *t, const struct canvas *c)
{
	size_t bytes = (size_t)c->width * (size_t)c->height * sizeof(*t->shown);

	if (!t->shown)
		t->shown = malloc(bytes ? bytes : 1);
	if (t->shown)
		memcpy(t->shown, c->cells, bytes);
	t->shown_width = c->width;
	t->shown_height = c->height;
}

/* Most lines of most screens are as they were: curses would find that out cell by cell. */
void term_show(struct term *t, const struct canvas *c)
{
	size_t line = (size_t)c->width;

	if (t->shown_width != c->width || t->shown_height != c->height)
		forget_shown(t);
	if (!t->shown)
		erase();
	for (int y = 0; y < c->height; y++) {
		const struct cell *now = c->cells + line * (size_t)y;

		if (!t->shown || memcmp(t->shown + line * (size_t)y, now, line * sizeof(*now)) != 0)
			show_line(t, c, y);
	}
	refresh();
	remember_shown(t, c);
}

void term_repaint(struct term *t)
{
	forget_shown(t);
	clearok(curscr, TRUE);
}

/* Base64 (RFC 4648) keeps whatever is copied from being read as a command. */
void term_copy(struct term *t, const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)text;

	fputs("\033]52;c;", t->out);
	for (size_t left = strlen(text); left; left -= left < 3 ? left : 3, p += 3) {
		uint32_t bits = (uint32_t)p[0] << 16 | (left > 1 ? (uint32_t)p[1] << 8 : 0) |
				(left > 2 ? p[2] : 0);

		putc(digits[bits >> 18], t->out);
		putc(digits[bits >> 12 & 63], t->out);
		putc(left > 1 ? digits[bits >> 6 & 63] : '=', t->out);
		putc(left > 2 ? digits[bits & 63] : '=', t->out);
	}
	fputs("\a", t->out);
	fflush(t->out);
}

void term_resized(struct term *t)
{
	t->resized = true;
}
