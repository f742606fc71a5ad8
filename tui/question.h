/* SPDX-License-Identifier: MIT
 *
 * What a line being typed is for: one row each in question.c.
 */
#ifndef SOCKLENS_TUI_QUESTION_H
#define SOCKLENS_TUI_QUESTION_H

struct app;

/* Each keeps its own history. */
enum question_id {
	QUESTION_FILTER,
	QUESTION_JUMP,
	QUESTION_FIND, /* a text on a page */
	QUESTION_SEEK, /* a row of a list */
	QUESTION_EXPORT,
	QUESTION_RECORD,
	QUESTION_SAVE, /* the name for a filter */
	QUESTION_COUNT
};

struct question {
	const char *label;
	void (*begin)(struct app *a, char *text, int cap);	/* the line to start from */
	void (*changed)(struct app *a, const char *text);	/* after every key */
	void (*done)(struct app *a, const char *text);		/* Enter */
	void (*cancelled)(struct app *a);			/* Escape */
	void (*hint)(const struct app *a, char *text, int cap); /* at the right of the line */
};

extern const struct question questions[QUESTION_COUNT];

#endif
