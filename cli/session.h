/* SPDX-License-Identifier: MIT
 *
 * The common start of live, report and trace: open sources and probe with the caller's privileges, drop
 * them, and hand over an engine that is ready to run.
 */
#ifndef SOCKLENS_CLI_SESSION_H
#define SOCKLENS_CLI_SESSION_H

#include "cli/launch.h"
#include "cli/options.h"
#include "flow/engine.h"

struct session_options {
	bool frames;	      /* open sources */
	bool frames_optional; /* no frames is a note rather than an error */
	bool calls;	      /* the probe's calls level */
	bool probe_required;  /* no probe is an error rather than a note */
	bool all_families;    /* sockets beside IP's, whether asked for or not */
	bool stay;	      /* dashboard: answer after the end */
	bool keep_privileges; /* another session follows: it drops them, then session_start */
	bool screen;	      /* the terminal is ours */
	bool keep_frames;     /* what the engine remembers of them is wanted */
	bool writes_files;    /* opens files to write after the start (cli/confine.h) */
	bool network;	      /* opens sockets after the start */
	int64_t keep_closed_ns;
	struct launch *launch; /* filled: the command that runs once everything is open */
};

/* 0 and an engine owned by the caller, or a negative errno with the reason in *e. */
int session_open(struct engine **out, const struct settings *s, const struct session_options *o,
		 struct err *e);

/* What session_open leaves out that keeps privileges: from now on bytes are parsed. */
int session_start(struct engine *en, struct err *e);

uint32_t session_netns(void); /* inode of the network namespace we capture in; 0 = unknown */

/* How a command ends that could not open its session: a wrong filter is wrong usage. */
int session_exit_code(int status);

/* SIGINT, SIGTERM and SIGHUP stop this engine from now on; SIGPIPE is an error of write(2). */
void session_signals(struct engine *en);

#endif
