/* SPDX-License-Identifier: MIT */
#include "base/loss.h"

#include <assert.h>

static const struct {
	const char *name, *help;
} rows[LOSS_STAGES] = {
#define X(id, n, h) [LOSS_##id] = {.name = #n, .help = h},
	LOSS_ROWS(X)
#undef X
};

const char *loss_name(enum loss_stage stage)
{
	assert(stage < LOSS_STAGES);
	return rows[stage].name;
}

const char *loss_help(enum loss_stage stage)
{
	assert(stage < LOSS_STAGES);
	return rows[stage].help;
}

uint64_t loss_sum(const struct loss *l)
{
	uint64_t sum = 0;

	for (int i = 0; i < LOSS_STAGES; i++)
		sum += l->count[i];
	return sum;
}

void loss_add(struct loss *to, const struct loss *from)
{
	for (int i = 0; i < LOSS_STAGES; i++)
		to->count[i] += from->count[i];
}
