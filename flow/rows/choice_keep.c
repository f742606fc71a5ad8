/* SPDX-License-Identifier: MIT */
#include "flow/rows/choice_keep.h"

#include <stdlib.h>
#include <string.h>

struct kept_choice {
	struct choice choice; /* owned */
	struct query q;	      /* that it answers, but for its window */
	uint64_t packets;     /* that had been taken */
};

/* What says which rows, and in what order. */
static struct query essence(const struct query *q)
{
	struct query e;

	memcpy(&e, q, sizeof(e)); /* with its padding, as it is compared */
	e.offset = e.limit = e.ticket = e.find_ticket = e.find_from = 0;
	e.find_step = 0;
	e.follow_id = e.open_id = 0;
	e.frames = e.axis = e.urgent = false;
	e.errand = 0;
	return e;
}

/* Nothing comes but what an answer asks for. */
static bool is_still(const struct row_source *from)
{
	return from->q->of == QUERY_FLOWS && (from->en->finished || from->en->still);
}

struct choice *choice_again(const struct row_source *from)
{
	struct kept_choice *k = from->en->kept;
	struct query e = essence(from->q);

	if (!k || !is_still(from) || k->packets != from->en->counts.packets ||
	    memcmp(&k->q, &e, sizeof(e)) != 0)
		return NULL;
	return &k->choice;
}

struct choice *choice_keep(struct row_source *from, struct choice *c)
{
	struct kept_choice *k = is_still(from) ? malloc(sizeof(*k)) : NULL;
	struct query e = essence(from->q);

	if (!k)
		return NULL;
	choice_forget(from->en->kept);
	from->en->kept = k;
	k->choice = *c;
	k->packets = from->en->counts.packets;
	memcpy(&k->q, &e, sizeof(e));
	return &k->choice;
}

void choice_forget(struct kept_choice *k)
{
	if (k)
		choice_done(&k->choice);
	free(k);
}
