/* SPDX-License-Identifier: MIT */
#include "flow/app/tokens.h"

#include <stdlib.h>

void tokens_done(struct tokens *t)
{
	free(t->places);
	t->places = NULL;
}

void tokens_note(struct tokens *t, uint32_t token, uint64_t flow)
{
	if (!t->places)
		t->places = calloc(TOKENS, sizeof(*t->places));
	if (t->places)
		t->places[token % TOKENS] = (struct token){flow, token};
}

uint64_t tokens_find(const struct tokens *t, uint32_t token)
{
	const struct token *k = t->places ? &t->places[token % TOKENS] : NULL;

	return k && k->token == token ? k->flow : 0;
}
