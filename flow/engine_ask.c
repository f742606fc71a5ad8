/* SPDX-License-Identifier: MIT
 *
 * What other threads ask of the engine: to record, to answer the screen, to stop. Each leaves its
 * wish where the loop looks once a turn, and wakes it.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "flow/engine_private.h"

/* --- recording -------------------------------------------------------------------------------- */

void engine_record(struct engine *en, struct recorder *r)
{
	struct record_row never_begun;
	uint64_t one = 1;

	recorder_free(atomic_exchange(&en->next_recorder, r), en, &never_begun);
	atomic_store(&en->end_recorder, true);
	if (write(en->wake_fd, &one, sizeof(one)) < 0)
		return;
}

void engine_end_recording(struct engine *en)
{
	recorder_free(en->recorder, en, &en->record);
	en->recorder = NULL;
}

void engine_turn_recorder(struct engine *en)
{
	if (!atomic_exchange(&en->end_recorder, false))
		return;
	engine_end_recording(en);
	en->recorder = atomic_exchange(&en->next_recorder, NULL);
}

void engine_recording(const struct engine *en, struct record_row *out)
{
	*out = en->record;
	if (en->recorder)
		recorder_row(en->recorder, out);
}

/* --- the screen's questions ------------------------------------------------------------------- */

static void engine_answer(struct engine *en, const struct query *q)
{
	int64_t began_ns = clock_now_mono_ns();
	struct snapshot *s = engine_look(en, q);
	uint64_t one = 1;

	en->answered_mono_ns = clock_now_mono_ns();
	en->answer_cost_ns = en->answered_mono_ns - began_ns;
	if (!s)
		return;
	snapshot_free(atomic_exchange(&en->answer, s));
	if (write(en->answer_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is readable already */
}

/*
 * Answer the newest question, if there is one. While something comes, frames and events come first:
 * when answers are dear (very many flows), they may take a fifth of the time at most, or half of it
 * for who has pressed a key.
 */
void engine_serve(struct engine *en)
{
	int64_t share = en->finished ? 0 : atomic_load(&en->urgent) ? 1 : 4;
	struct query *q;

	if (clock_now_mono_ns() - en->answered_mono_ns < share * en->answer_cost_ns)
		return;
	atomic_store(&en->urgent, false);
	q = atomic_exchange(&en->question, NULL);
	if (q)
		engine_answer(en, q);
	free(q);
}

void engine_ask(struct engine *en, const struct query *q)
{
	struct query *copy = malloc(sizeof(*copy));
	uint64_t one = 1;

	if (!copy)
		return;
	*copy = *q;
	if (q->urgent)
		atomic_store(&en->urgent, true);
	free(atomic_exchange(&en->question, copy));
	if (write(en->wake_fd, &one, sizeof(one)) < 0)
		return;
}

struct snapshot *engine_take(struct engine *en)
{
	uint64_t ignored;

	if (read(en->answer_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		return NULL;
	return atomic_exchange(&en->answer, NULL);
}

int engine_answer_fd(const struct engine *en)
{
	return en->answer_fd;
}

void engine_stop(struct engine *en)
{
	uint64_t one = 1;
	int saved = errno;

	atomic_store(&en->stop, true);
	if (write(en->wake_fd, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

bool engine_stopped(const struct engine *en)
{
	return atomic_load(&en->stop);
}
