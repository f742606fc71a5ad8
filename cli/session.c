/* SPDX-License-Identifier: MIT */
#include "cli/session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "capture/interfaces.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/message.h"
#include "cli/privileges.h"

enum { SPARE_FILES = 64 }; /* beside those that the user names */

/* --- sources ---------------------------------------------------------------------------------- */

static int add_source(struct engine *en, struct source *s, struct err *e)
{
	int status = engine_add_source(en, s);

	if (status < 0) {
		source_free(s);
		return err_set(e, status, "too many captures at once");
	}
	return 0;
}

/* Every capture stays open from the start: later we may be a user who cannot open it. */
static void allow_files(unsigned count)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0 || l.rlim_cur >= count + SPARE_FILES)
		return;
	l.rlim_cur = l.rlim_max;
	setrlimit(RLIMIT_NOFILE, &l);
}

static int open_files(struct engine *en, const struct settings *s, struct err *e)
{
	allow_files(2 * s->file_count); /* --jobs keeps rows of each */
	for (unsigned i = 0; i < s->file_count; i++) {
		struct source *source;
		int status = source_open_file(&source, s->files[i], s->filter, e);

		if (status == 0)
			status = add_source(en, source, e);
		if (status < 0)
			return status;
	}
	return 0;
}

static int open_interface(struct engine *en, const struct settings *s, struct err *e)
{
	struct source_live_options o = {
		.interface = s->interface ? s->interface : "any",
		.filter = s->filter,
		.snaplen = s->snaplen,
		.buffer_bytes = s->buffer_bytes,
		.promiscuous = s->promiscuous,
	};
	struct source *source;
	int status = source_open_live(&source, &o, e);

	return status < 0 ? status : add_source(en, source, e);
}

/* --- this machine ----------------------------------------------------------------------------- */

uint32_t session_netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) == 0 ? (uint32_t)st.st_ino : 0;
}

static void note_addresses(void *ctx, const struct interface_info *i)
{
	struct engine *en = ctx;
	char *text = strdup(i->addresses), *rest = text;
	struct addr a;

	for (const char *word; text && (word = strsep(&rest, ", "));)
		if (addr_parse(&a, word))
			engine_add_local_addr(en, &a);
	free(text);
}

/* Executables of other users' processes can be read by it alone once privileges are dropped. */
static struct proc_reader *start_proc_reader(const struct settings *s)
{
	struct proc_reader *reader = NULL;
	int status;

	if (s->file_count || s->plan == PROBE_OFF)
		return NULL;
	status = proc_reader_start(&reader);
	if (status < 0)
		message("no executables of other users' processes: %s", strerror(-status));
	return reader;
}

/* --- probe ------------------------------------------------------------------------------------ */

/* Frames are worth having without the probe, so its absence is a note on the health line. */
static int open_probe(struct engine *en, const struct settings *s, const struct session_options *o,
		      const struct probe_scope *scope, struct err *e)
{
	struct probe_options po = {.plan = s->plan, .calls = o->calls || s->calls,
				   .all_families = s->all_families || o->all_families,
				   .scope = *scope};
	struct probe *probe;
	int status;

	if (s->plan == PROBE_OFF) {
		engine_set_probe_absent(en, "off (--probe off)");
		return 0;
	}
	status = probe_open(&probe, &po, e);
	if (status == 0) {
		engine_set_probe(en, probe);
		if (s->calls && engine_time_calls(en) < 0)
			return err_set(e, -ENOMEM, "out of memory");
		status = engine_existing_sockets(en, e);
		return status < 0 ? status : 0;
	}
	if (o->probe_required)
		return status;
	engine_set_probe_absent(en, e->text);
	message("no process names: %s", e->text);
	return 0;
}

static int open_live(struct engine *en, const struct settings *s, const struct session_options *o,
		     const struct probe_scope *scope, struct err *e)
{
	int status = 0;

	if (o->frames)
		status = open_interface(en, s, e);
	if (status < 0 && !o->frames_optional)
		return status;
	if (status < 0)
		message("no frames: %s", e->text);
	interfaces_list(note_addresses, en, NULL);
	return open_probe(en, s, o, scope, e);
}

/* --- the phases ------------------------------------------------------------------------------- */

/* The process comes first: it must have a number that the probe can be told, and none of our files. */
static int prepare_command(struct probe_scope *scope, const struct settings *s,
			   const struct session_options *o, struct err *e)
{
	int status;

	if (!s->command)
		return 0;
	if (scope->pid_count == SCOPE_VALUES_MAX)
		return err_set(e, -EINVAL, "--pid: at most %d of them beside a command",
			       SCOPE_VALUES_MAX - 1);
	status = launch_prepare(o->launch, s->command, o->screen, e);
	if (!status)
		scope->pids[scope->pid_count++] = (uint32_t)o->launch->pid;
	return status;
}

/* No step is skipped silently. */
static int give_up_power(const struct settings *s, const struct session_options *o, struct err *e)
{
	const struct confinement c = {.writes_files = o->writes_files || o->screen,
				      .network = o->network};
	const char *missing;
	int status = privileges_drop(s->user, e);

	if (!status)
		status = confine(&c, &missing, e);
	if (!status && missing)
		message("this kernel has no %s: files are not out of reach", missing);
	return status;
}

static int open_all(struct engine *en, const struct settings *s, const struct session_options *o,
		    const struct probe_scope *scope, struct err *e)
{
	int status;

	if (s->file_count) {
		engine_set_probe_absent(en, "none: reading a capture");
		status = open_files(en, s, e);
	} else {
		status = open_live(en, s, o, scope, e);
	}
	if (status < 0 || o->keep_privileges)
		return status;
	status = give_up_power(s, o, e);
	return status ? status : engine_check_sources(en, e);
}

int session_start(struct engine *en, struct err *e)
{
	return engine_check_sources(en, e);
}

int session_open(struct engine **out, const struct settings *s, const struct session_options *o,
		 struct err *e)
{
	struct engine_options eo = {
		.run_for_ns = s->run_for_ns,
		.max_packets = s->max_packets,
		.netns = session_netns(),
		.key_vlan = s->key_vlan,
		.key_tunnel = s->key_tunnel,
		.checksums = s->checksums,
		.window = s->window,
		.stay = o->stay,
		.keep_closed_ns = o->keep_closed_ns,
		.keep_frames = o->screen || o->keep_frames,
		.keep_bytes = o->screen && s->payload,
		.look_back = o->screen,
		.resolve_processes = s->file_count == 0, /* pids of a file are of another time */
		.scope = s->scope,
	};
	struct engine *en;
	int status = prepare_command(&eo.scope, s, o, e);

	if (status < 0)
		return status;
	if (s->command)
		eo.until_fd = o->launch->pidfd;
	eo.proc_reader = start_proc_reader(s);
	status = engine_new(&en, &eo, e);
	if (status < 0)
		return status;
	status = open_all(en, s, o, &eo.scope, e);
	if (status < 0) {
		engine_free(en);
		return status;
	}
	if (s->command)
		launch_go(o->launch);
	*out = en;
	return 0;
}

int session_exit_code(int status)
{
	return status == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

/* --- signals ---------------------------------------------------------------------------------- */

/* A handler has no context of its own: the one engine that signals stop. */
static struct engine *signalled;

static void on_stop(int signo)
{
	(void)signo;
	engine_stop(signalled);
}

void session_signals(struct engine *en)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	const int stops[] = {SIGINT, SIGTERM, SIGHUP};

	signalled = en;
	sigemptyset(&stop.sa_mask);
	for (unsigned i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		sigaction(stops[i], &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}
