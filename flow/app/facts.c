/* SPDX-License-Identifier: MIT */
#include "flow/app/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "decode/dns.h"
#include "flow/rows/field.h"

enum { ENTRY_HEADER = 2, FIRST_BYTES = 56 };

_Static_assert(FACT_KINDS_ALL <= 32, "kinds are bits of a word");
_Static_assert(FACTS_BYTES_MAX <= UINT16_MAX, "sizes are 16 bits");

static bool has_several(unsigned kind)
{
	return kind < FACT_KINDS && fact_row((enum fact_kind)kind)->several;
}

bool facts_next(const struct facts *list, size_t *pos, struct fact *out)
{
	const char *entry;

	if (!list || *pos == list->used)
		return false;
	entry = list->bytes + *pos;
	*out = (struct fact){(uint8_t)entry[0], entry + ENTRY_HEADER, (uint8_t)entry[1]};
	*pos += ENTRY_HEADER + out->len;
	return true;
}

/* Does the list say it, or something else that leaves no place for it? */
static bool is_told(const struct facts *list, const struct fact *new)
{
	bool several = has_several(new->kind);
	struct fact f;

	for (size_t pos = 0; facts_next(list, &pos, &f);)
		if (f.kind == new->kind &&
		    (!several || (f.len == new->len && !memcmp(f.text, new->text, f.len))))
			return true;
	return false;
}

/* Room for `more` bytes in the list. */
static bool reserve(struct facts **list, struct budget *b, size_t more)
{
	size_t used = *list ? (*list)->used : 0, old = *list ? (*list)->size : 0;
	size_t size = old ? old : FIRST_BYTES;
	struct facts *grown;

	if (used + more <= old)
		return true;
	while (size < used + more)
		size *= 2;
	if (size > FACTS_BYTES_MAX)
		size = FACTS_BYTES_MAX;
	if (size < used + more || !budget_take(b, size - old))
		return false;
	grown = realloc(*list, sizeof(*grown) + size);
	if (!grown) {
		budget_give(b, size - old);
		return false;
	}
	if (!*list)
		*grown = (struct facts){0};
	grown->size = (uint16_t)size;
	*list = grown;
	return true;
}

static bool put(struct facts **list, struct budget *b, const struct fact *f)
{
	char *entry;

	if (!f->len || is_told(*list, f))
		return true;
	if ((*list && (*list)->count == FACTS_MAX) || !reserve(list, b, ENTRY_HEADER + f->len)) {
		b->refused += f->len;
		return false;
	}
	entry = (*list)->bytes + (*list)->used;
	entry[0] = (char)f->kind;
	entry[1] = (char)f->len;
	memcpy(entry + ENTRY_HEADER, f->text, f->len);
	(*list)->used += (uint16_t)(ENTRY_HEADER + f->len);
	(*list)->count++;
	return true;
}

bool facts_add(struct facts **list, struct budget *b, unsigned kind, const void *bytes, size_t len)
{
	char text[FACT_TEXT_MAX + 1];
	struct fact f = {.kind = kind, .text = text};

	/* Dots inside labels are escaped already, and stay as they are. */
	if (kind == FACT_DNS || kind >= FACT_END_NAME)
		f.len = dns_vis(text, sizeof(text), bytes, len);
	else
		f.len = vis(text, sizeof(text), bytes, len);
	return put(list, b, &f);
}

void facts_add_all(struct facts **list, struct budget *b, const struct facts *from)
{
	struct fact f;

	for (size_t pos = 0; facts_next(from, &pos, &f);)
		put(list, b, &f);
}

void facts_free(struct facts *list, struct budget *b)
{
	if (!list)
		return;
	budget_give(b, list->size);
	free(list);
}

/* --- as a row
 * ------------------------------------------------------------------------------------- */

static uint32_t kinds_of(const struct facts *list)
{
	uint32_t kinds = 0;
	struct fact f;

	for (size_t pos = 0; facts_next(list, &pos, &f);)
		kinds |= 1u << f.kind;
	return kinds;
}

/* All texts of one kind, as one. */
static uint16_t fill_kind(struct flow_row *row, const struct facts *list, unsigned kind)
{
	uint16_t place = 0;
	struct fact f;

	for (size_t pos = 0; facts_next(list, &pos, &f);) {
		if (f.kind != kind)
			continue;
		if (!place)
			place = row_put_text(row, f.text, f.len);
		else
			row_more_text(row, FIELD_LIST_SEPARATOR, f.text, f.len);
	}
	return place;
}

void facts_fill(struct flow_row *row, const struct facts *list, int originator)
{
	for (uint32_t left = kinds_of(list); left; left &= left - 1) {
		unsigned kind = (unsigned)__builtin_ctz(left);
		uint16_t place = fill_kind(row, list, kind);

		if (kind < FACT_KINDS)
			row->fact[kind] = place;
		else if ((int)(kind - FACT_END_NAME) == originator)
			row->src.name = place;
		else
			row->dst.name = place;
	}
}
