/* SPDX-License-Identifier: MIT */
#include "tui/prompt.h"

#include <stdio.h>
#include <string.h>

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t step_back(const struct prompt *p, size_t at)
{
	while (at > 0 && is_continuation(p->text[--at]))
		;
	return at;
}

static size_t step_on(const struct prompt *p, size_t at)
{
	if (at < p->len)
		at++;
	while (at < p->len && is_continuation(p->text[at]))
		at++;
	return at;
}

static void set_text(struct prompt *p, const char *text)
{
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->len = p->at = strlen(p->text);
}

void prompt_open(struct prompt *p, const char *text)
{
	set_text(p, text);
	p->recalled = -1;
}

static enum prompt_result cut(struct prompt *p, size_t from, size_t to)
{
	if (from == to)
		return PROMPT_IDLE;
	memmove(p->text + from, p->text + to, p->len - to + 1);
	p->len -= to - from;
	p->at = from;
	return PROMPT_CHANGED;
}

static enum prompt_result insert(struct prompt *p, uint32_t key)
{
	char text[INPUT_NAME_MAX];
	size_t n;

	if (key == ' ')
		snprintf(text, sizeof(text), " ");
	else
		input_name(key, text);
	n = strlen(text);
	if (n > sizeof(p->text) - 1 - p->len)
		return PROMPT_IDLE;
	memmove(p->text + p->at + n, p->text + p->at, p->len - p->at + 1);
	memcpy(p->text + p->at, text, n);
	p->len += n;
	p->at += n;
	return PROMPT_CHANGED;
}

static void remember(struct prompt *p)
{
	if (!p->len || (p->history_count && !strcmp(p->history[0], p->text)))
		return;
	memmove(p->history[1], p->history[0], sizeof(p->history) - sizeof(p->history[0]));
	memcpy(p->history[0], p->text, sizeof(p->text));
	if (p->history_count < PROMPT_HISTORY)
		p->history_count++;
}

static enum prompt_result recall(struct prompt *p, int step)
{
	int to = p->recalled + step;

	if (to < -1 || to >= p->history_count)
		return PROMPT_IDLE;
	p->recalled = to;
	set_text(p, to < 0 ? "" : p->history[to]);
	return PROMPT_CHANGED;
}

static size_t word_start(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && p->text[at - 1] == ' ')
		at--;
	while (at > 0 && p->text[at - 1] != ' ')
		at--;
	return at;
}

/* Neither a control character (C0, DEL, C1) nor a key that is no character. */
static bool is_typed(uint32_t key)
{
	return key >= 0x20 && key < INPUT_KEY_FIRST && !(key >= 0x7f && key < 0xa0);
}

static enum prompt_result go(struct prompt *p, size_t at)
{
	p->at = at;
	return PROMPT_IDLE;
}

enum prompt_result prompt_key(struct prompt *p, uint32_t key)
{
	switch (key) {
	case INPUT_ENTER:
		remember(p);
		return PROMPT_DONE;
	case INPUT_ESCAPE:
	case INPUT_CTRL('G'):
		return PROMPT_CANCELLED;
	case INPUT_BACKSPACE:
		return cut(p, step_back(p, p->at), p->at);
	case INPUT_DELETE:
		return cut(p, p->at, step_on(p, p->at));
	case INPUT_CTRL('U'):
		return cut(p, 0, p->at);
	case INPUT_CTRL('K'):
		return cut(p, p->at, p->len);
	case INPUT_CTRL('W'):
		return cut(p, word_start(p), p->at);
	case INPUT_LEFT:
		return go(p, step_back(p, p->at));
	case INPUT_RIGHT:
		return go(p, step_on(p, p->at));
	case INPUT_HOME:
	case INPUT_CTRL('A'):
		return go(p, 0);
	case INPUT_END:
	case INPUT_CTRL('E'):
		return go(p, p->len);
	case INPUT_UP:
		return recall(p, 1);
	case INPUT_DOWN:
		return recall(p, -1);
	default:
		return is_typed(key) ? insert(p, key) : PROMPT_IDLE;
	}
}

/* Shows the end of a line that is too long: that is where people type. */
void prompt_draw(const struct prompt *p, struct canvas *c, struct area line, const char *label)
{
	char before[PROMPT_MAX], under[8];
	size_t from = 0, next = step_on(p, p->at);
	int used = canvas_text(c, line.y, line.x, line.width, STYLE_KEY, label), room;

	room = line.width - used - 1;
	snprintf(before, sizeof(before), "%.*s", (int)p->at, p->text);
	while (from < p->at && canvas_text_width(c, before + from) > room)
		from = step_on(p, from);
	used += canvas_text(c, line.y, line.x + used, room, STYLE_PROMPT, before + from);
	snprintf(under, sizeof(under), "%.*s", (int)(next - p->at), p->text + p->at);
	used += canvas_text(c, line.y, line.x + used, line.width - used, STYLE_SELECTED,
			    *under ? under : " ");
	canvas_text(c, line.y, line.x + used, line.width - used, STYLE_PROMPT, p->text + next);
}
