/* SPDX-License-Identifier: MIT */
#include "tui/record.h"

#include <stdio.h>
#include <time.h>

#include "base/fmt.h"
#include "tui/app.h"

const char *record_why_not(const struct app *a)
{
	if (!a->record || !a->live)
		return "only what is captured live can be recorded";
	if (a->snapshot && a->snapshot->finished)
		return "the capture has ended";
	return NULL;
}

void record_suggest(const struct app *a, char *text, int cap)
{
	time_t now = a->snapshot ? (time_t)(a->snapshot->now_ns / 1000000000) : 0;
	struct tm t;
	char date[32];

	if (now <= 0) {
		snprintf(text, (size_t)cap, "socklens.pcapng");
		return;
	}
	gmtime_r(&now, &t);
	strftime(date, sizeof(date), "%Y%m%d-%H%M%S", &t);
	snprintf(text, (size_t)cap, "socklens-%s.pcapng", date);
}

void record_turn(struct app *a)
{
	struct err e = {""};

	if (!a->snapshot || !a->snapshot->record.on)
		app_ask(a, QUESTION_RECORD);
	else if (a->record(a->export_ctx, NULL, &e))
		app_say(a, e.text);
}

void record_begin(struct app *a, const char *path)
{
	struct err e = {""};

	if (a->record(a->export_ctx, path, &e))
		app_say(a, e.text);
}

void record_take(struct app *a, const struct record_row *before, const struct record_row *now)
{
	char text[sizeof(a->message)], bytes[FMT_MAX];

	if (!before->on || now->on)
		return;
	fmt_bytes(bytes, now->bytes);
	if (*now->error)
		snprintf(text, sizeof(text), "the recording broke off: %s", now->error);
	else
		snprintf(text, sizeof(text), "%llu frames, %s in %s",
			 (unsigned long long)now->frames, bytes, now->path);
	app_say(a, text);
}
