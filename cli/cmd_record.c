/* SPDX-License-Identifier: MIT
 *
 * socklens record: what is captured goes into a file, with whose it is. `report -r` and `live -r`
 * read it again as it was; so does any Wireshark, with comments.
 */
#include <errno.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/recording.h"
#include "cli/session.h"

/* A disk that is full ends it: nothing would come of going on. */
static void on_turn(void *ctx)
{
	struct engine *en = ctx;
	struct record_row row;

	engine_recording(en, &row);
	if (*row.error)
		engine_stop(en);
}

static int run(struct engine *en)
{
	struct summary_row sum;
	struct record_row row;
	struct err e = {""};
	int status;

	session_signals(en);
	engine_on_turn(en, on_turn, en);
	status = engine_run(en, &e);
	engine_finish(en, &sum);
	engine_recording(en, &row);
	if (status < 0)
		message("%s", e.text);
	message("%lld packets captured, %lld flows, %llu lost", (long long)sum.packets,
		(long long)sum.flows, (unsigned long long)loss_sum(&sum.loss));
	return recording_tell(&row) && status == 0 ? EXIT_DONE : EXIT_FAILED;
}

int cmd_record(const struct settings *s)
{
	struct launch command = {0};
	struct session_options so = {.frames = true, .launch = &command, .writes_files = true};
	struct recording *rec = NULL;
	struct engine *en = NULL;
	struct err e;
	int status = -EINVAL, code;

	if (!s->record)
		err_set(&e, -EINVAL, "record needs a file: socklens record -w FILE");
	else
		status = recording_prepare(&rec, s, &e);
	if (!status)
		status = session_open(&en, s, &so, &e);
	if (!status) {
		status = recording_start(rec, en, &e);
		rec = NULL;
	}
	if (status < 0) {
		message("%s", e.text);
		recording_cancel(rec);
		code = session_exit_code(status);
	} else {
		code = run(en);
	}
	engine_free(en);
	return launch_end(&command, code);
}
