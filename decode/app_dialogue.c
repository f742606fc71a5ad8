/* SPDX-License-Identifier: MIT */
#include "decode/app_dialogue.h"

#include <ctype.h>
#include <string.h>

#include "decode/app_text.h"
#include "decode/app_tls.h"

enum { LINE_MAX_BYTES = 2048, TAG_MAX_BYTES = 16, TLS_LINES_MAX = 24 };

/* How sure one line makes us. */
enum sure { SURE_NO, SURE_LATER, SURE_YES };

/* Does the line begin with one of the words, and not with a longer word? */
static bool says(const struct cursor *line, const char *const *words)
{
	size_t left = cursor_left(line), len;

	for (; words && *words; words++) {
		len = strlen(*words);
		if (text_is(line, *words) && (len == left || !isalpha(line->p[len]) ||
					      !isalpha((unsigned char)(*words)[len - 1])))
			return true;
	}
	return false;
}

static enum sure command(const struct dialogue *d, bool on_port, struct cursor line)
{
	struct cursor tag;

	if (d->tagged && !text_until(&line, ' ', &tag))
		return SURE_NO;
	return says(&line, d->commands) || (on_port && says(&line, d->shared)) ? SURE_YES : SURE_NO;
}

static enum sure greeting(const struct dialogue *d, bool on_port, const struct cursor *line)
{
	enum sure best = SURE_NO;

	for (const struct greeting *g = d->greetings; g->begin && best != SURE_YES; g++) {
		if (!text_is(line, g->begin))
			continue;
		if (g->word ? text_contains(line, g->word) : on_port)
			best = SURE_YES;
		else
			best = SURE_LATER;
	}
	return best;
}

/* Does an unfinished first line begin like one of ours? */
static bool begins_like(const struct dialogue *d, const struct cursor *c)
{
	struct cursor at = *c, tag;

	for (const struct greeting *g = d->greetings; g->begin; g++)
		if (text_match(c, g->begin) != TEXT_DIFFERS)
			return true;
	if (d->tagged && !text_until(&at, ' ', &tag))
		return cursor_left(c) <= TAG_MAX_BYTES; /* any short word could be a tag */
	return text_match_any(&at, d->commands) != TEXT_DIFFERS ||
	       (d->shared && text_match_any(&at, d->shared) != TEXT_DIFFERS);
}

static bool may_become(const struct dialogue *d, const struct cursor *c)
{
	return cursor_left(c) <= LINE_MAX_BYTES && begins_like(d, c) && text_plain(c);
}

static enum sure first_line(const struct dialogue *d, const struct app_input *in,
			    const struct cursor *line)
{
	bool on_port = app_expected(in, d->id);
	enum sure sure = greeting(d, on_port, line);

	return sure == SURE_NO ? command(d, on_port, *line) : sure;
}

/* The lines before an agreement on TLS, if there is one; most dialogues only become longer. */
static enum app_status until_tls(const struct app_input *in, struct cursor c,
				 const struct app_sink *sink)
{
	struct cursor line;

	for (unsigned lines = 0; lines < TLS_LINES_MAX; lines++) {
		if (cursor_left(&c) && *c.p == TLS_FIRST_BYTE)
			return tls_inside(in, c, sink);
		if (!text_line(&c, &line))
			return cursor_left(&c) > LINE_MAX_BYTES ? APP_DONE : app_unfinished(in);
	}
	return APP_DONE;
}

/* The first line was a greeting like others'; the next of another code tells them apart. */
static enum sure later(const struct dialogue *d, struct cursor c)
{
	struct cursor line;

	while (text_line(&c, &line)) {
		if (d->replies && text_match_any(&line, d->replies) == TEXT_EQUAL)
			return SURE_YES;
		if (greeting(d, false, &line) == SURE_NO)
			return SURE_NO;
		if (greeting(d, false, &line) == SURE_YES)
			return SURE_YES;
	}
	return SURE_LATER;
}

enum app_status dialogue(const struct dialogue *d, const struct app_input *in,
			 const struct app_sink *sink)
{
	struct cursor c = in->data, line;
	enum sure sure;

	if (!text_line(&c, &line))
		return may_become(d, &c) ? app_undecided(in) : APP_NO;
	if (!text_plain(&line))
		return APP_NO;
	sure = first_line(d, in, &line);
	if (sure == SURE_LATER)
		sure = later(d, c);
	if (sure == SURE_NO)
		return APP_NO;
	if (sure == SURE_LATER)
		return app_undecided(in);
	return d->may_start_tls ? until_tls(in, c, sink) : APP_DONE;
}
