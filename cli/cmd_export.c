/* SPDX-License-Identifier: MIT
 *
 * socklens export: no screen and no report, but flows and metrics on their way to a fleet's
 * collectors. SIGHUP opens files and connections anew; SIGINT and SIGTERM end it after what is
 * known was sent.
 */
#include <errno.h>
#include <signal.h>

#include "cli/agent/agent.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/session.h"

#define SECOND_NS 1000000000ll

/* --- signals ---------------------------------------------------------------------------------- */

/* A handler has no context of its own. */
static struct agent *signalled;

static void on_signal(int signo)
{
	if (signo == SIGHUP) {
		atomic_store(&signalled->reopen, true);
		return;
	}
	atomic_store(&signalled->ending, true);
	engine_stop(signalled->engine);
}

static void take_signals(struct agent *a)
{
	struct sigaction take = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	const int all[] = {SIGINT, SIGTERM, SIGHUP};

	signalled = a;
	session_signals(a->engine);
	sigemptyset(&take.sa_mask);
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		sigaction(all[i], &take, NULL);
}

/* --- a run ------------------------------------------------------------------------------------ */

static int run(struct agent *a, struct engine *en)
{
	struct summary_row sum;
	struct err e = {""};
	int status = agent_start(a, en, &e);

	if (status == 0) {
		take_signals(a);
		status = engine_run(en, &e);
	}
	engine_finish(en, &sum);
	agent_stop(a, &sum);
	if (status < 0)
		message("%s", e.text);
	message("%lld packets captured, %lld flows, %llu lost", (long long)sum.packets,
		(long long)sum.flows, (unsigned long long)loss_sum(&sum.loss));
	agent_tell(a);
	if (status == -EBADMSG)
		return EXIT_DAMAGED;
	return status < 0 ? EXIT_FAILED : EXIT_DONE;
}

/* In a file time goes by frames: a look at what is due each second of it. */
static void prepare(struct settings *s)
{
	if (s->file_count)
		s->window.slice_ns = SECOND_NS;
}

/* Whoever only answers or writes files may be kept from making sockets. */
static bool sends(const struct settings *s)
{
	for (unsigned i = 0; i < s->export.sink_count; i++)
		if (s->export.sinks[i].kind == EXPORT_IPFIX)
			return true;
	return false;
}

int cmd_export(const struct settings *settings)
{
	struct settings s = *settings;
	struct launch command = {0};
	struct session_options so = {
		.frames = true, .launch = &command, .network = sends(settings)};
	struct engine *en = NULL;
	struct agent a;
	struct err e;
	int status, code;

	prepare(&s);
	status = agent_open(&a, &s, &e);
	if (status == 0)
		status = session_open(&en, &s, &so, &e);
	if (status < 0) {
		message("%s", e.text);
		code = session_exit_code(status);
	} else {
		code = run(&a, en);
	}
	agent_close(&a);
	engine_free(en);
	return launch_end(&command, code);
}
