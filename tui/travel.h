/* SPDX-License-Identifier: MIT
 *
 * Where on the time axis the screen stands: now, or at an earlier time, standing still or going on
 * as time went then. What was known at a time the engine says (flow/look_back.c).
 */
#ifndef SOCKLENS_TUI_TRAVEL_H
#define SOCKLENS_TUI_TRAVEL_H

#include <stdbool.h>
#include <stdint.h>

struct app;

struct travel {
	int64_t at_ns; /* time of the data; 0 = now */
	bool playing;
	int pending; /* steps still to be taken, once the rows of the one before are there */
	int speed;	   /* steps above real time, or below */
	int64_t ticked_ns; /* clock when time went on last; 0 = it has not yet */
};

/* A reason, or NULL: the screen can look back. */
const char *travel_why_not(const struct app *a);

enum { TRAVEL_FAR = 60 };
/* So many steps on, or back: to where something happened. */
void travel_step(struct app *a, int steps);
/* An answer has come. */
void travel_arrived(struct app *a);
void travel_to(struct app *a, int64_t at_ns);
void travel_now(struct app *a);

/* Go on as time went, or stand still; from now on means from the beginning. */
void travel_play(struct app *a);
void travel_speed(struct app *a, int by);
/* The clock says this, ns from anywhere: while playing, time goes on. */
void travel_tick(struct app *a, int64_t clock_ns);

/* " PAST ", " PLAY 4x ". */
void travel_badge(const struct app *a, char *out, int cap);

#endif
