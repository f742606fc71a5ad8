/* SPDX-License-Identifier: MIT */
#include "tui/travel.h"

#include <stdio.h>

#include "tui/app.h"

static const struct {
	double factor;
	const char *name;
} speeds[] = {
	{0.1, "0.1"}, {0.25, "0.25"}, {0.5, "0.5"}, {1, "1"},	  {2, "2"},	  {4, "4"},
	{8, "8"},     {16, "16"},     {60, "60"},   {300, "300"}, {1800, "1800"},
};
enum { FAR_MOST = 4 * TRAVEL_FAR };		     /* steps that wait for an answer */
enum { STEP_NS = 50000000, LONGEST_NS = 500000000 }; /* of the clock */
enum { SPEEDS = sizeof(speeds) / sizeof(speeds[0]), REAL_TIME = 3 };

static int speed_of(const struct app *a)
{
	return REAL_TIME + a->travel.speed;
}

/* The rows at hand are of the time that the screen stands at. */
static bool has_arrived(const struct app *a)
{
	return a->snapshot && a->snapshot->asked_ns == a->travel.at_ns;
}

const char *travel_why_not(const struct app *a)
{
	const struct snapshot *s = a->snapshot;

	if (!s || s->summary.packets <= 0)
		return "there is no past yet";
	if (!s->live && !s->finished)
		return "the file is still being read";
	return NULL;
}

void travel_to(struct app *a, int64_t at_ns)
{
	const struct snapshot *s = a->snapshot;

	if (at_ns > 0 && s && s->axis && at_ns >= axis_end_ns(s->axis))
		at_ns = 0;
	a->travel.at_ns = at_ns;
	a->paused = a->held = false;
	if (!at_ns)
		a->travel = (struct travel){.speed = a->travel.speed};
}

void travel_now(struct app *a)
{
	travel_to(a, 0);
}

/* Many at once go by length, one goes to where something happened. */
static void step(struct app *a, int steps)
{
	const struct snapshot *s = a->snapshot;
	bool back = steps < 0;
	int64_t slice_ns = s->axis ? s->axis->slice_ns : 1000000000;
	int64_t to_ns = back ? s->before_ns : s->after_ns;

	if (!to_ns && back)
		app_say(a, "nothing is known from before this");
	else if (!to_ns)
		travel_now(a);
	else
		travel_to(a, to_ns + (back ? steps + 1 : steps - 1) * slice_ns);
}

void travel_step(struct app *a, int steps)
{
	struct travel *t = &a->travel;

	t->playing = false;
	if (steps > 0 && !t->at_ns)
		app_say(a, "this is now");
	else if (has_arrived(a))
		step(a, steps);
	else if (t->pending + steps <= FAR_MOST && t->pending + steps >= -FAR_MOST)
		t->pending += steps; /* the next step is known once the rows are there */
}

void travel_arrived(struct app *a)
{
	struct travel *t = &a->travel;
	int far = t->pending / TRAVEL_FAR, steps = (t->pending > 0) - (t->pending < 0);

	if (far)
		steps *= TRAVEL_FAR;
	if (!steps || !has_arrived(a))
		return;
	t->pending -= steps;
	step(a, steps);
}

/* --- going on --------------------------------------------------------------------------------- */

void travel_play(struct app *a)
{
	struct travel *t = &a->travel;

	t->playing = !t->playing;
	t->ticked_ns = 0;
	if (t->playing && !t->at_ns)
		travel_to(a, a->snapshot->summary.first_ns + 1);
}

void travel_speed(struct app *a, int by)
{
	int speed = speed_of(a) + by;

	if (speed >= 0 && speed < SPEEDS)
		a->travel.speed += by;
	else
		app_say(a, by > 0 ? "this is the fastest" : "this is the slowest");
}

/* A step at a time, each once the one before is on the screen; where that takes long, time waits.
 */
void travel_tick(struct app *a, int64_t clock_ns)
{
	struct travel *t = &a->travel;
	int64_t elapsed_ns = t->ticked_ns ? clock_ns - t->ticked_ns : 0;

	if (!t->playing || (t->ticked_ns && (!has_arrived(a) || elapsed_ns < STEP_NS)))
		return;
	t->ticked_ns = clock_ns;
	if (elapsed_ns > LONGEST_NS)
		elapsed_ns = LONGEST_NS;
	if (elapsed_ns)
		travel_to(a, t->at_ns + (int64_t)((double)elapsed_ns * speeds[speed_of(a)].factor));
}

void travel_badge(const struct app *a, char *out, int cap)
{
	if (a->travel.playing)
		snprintf(out, (size_t)cap, " PLAY %s%s ", speeds[speed_of(a)].name,
			 a->canvas.utf8 ? "×" : "x");
	else
		snprintf(out, (size_t)cap, " PAST ");
}
