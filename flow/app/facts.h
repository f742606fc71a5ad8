/* SPDX-License-Identifier: MIT
 *
 * What a flow's payload told: a short list of (kind, printable text), made when there is a first
 * one.
 *
 * Facts come from strangers: they are made printable here, kept once, and capped in number, in size
 * and over all flows.
 */
#ifndef SOCKLENS_FLOW_FACTS_H
#define SOCKLENS_FLOW_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/app.h"
#include "flow/budget.h"
#include "flow/rows/row.h"

enum {
	FACTS_MAX = 512,		 /* of a flow */
	FACTS_BYTES_MAX = ROW_TEXTS_MAX, /* a row holds them all: it needs less for each */
	FACT_TEXT_MAX = 255,
};

/* Kinds beyond those of decode/app.h: the name by which an end of the key was looked up. */
enum { FACT_END_NAME = FACT_KINDS, FACT_KINDS_ALL = FACT_KINDS + 2 };

struct facts {
	uint16_t used, size; /* of bytes */
	uint16_t count;
	char bytes[]; /* kind, length, text; again and again */
};

struct fact {
	unsigned kind;
	const char *text; /* not NUL-terminated */
	size_t len;
};

/*
 * Add one, *list being NULL at first. A kind that has one value keeps its first; a text that is
 * there already is not added again. False when there was no room.
 */
bool facts_add(struct facts **list, struct budget *b, unsigned kind, const void *bytes, size_t len);

/* Add all of another list. */
void facts_add_all(struct facts **list, struct budget *b, const struct facts *from);

/* Walk: *pos starts at 0. */
bool facts_next(const struct facts *list, size_t *pos, struct fact *out);

void facts_free(struct facts *list, struct budget *b);

/* Into an empty row, whose originator is end `originator` of the key. NULL is no facts. */
void facts_fill(struct flow_row *row, const struct facts *list, int originator);

#endif
