/* SPDX-License-Identifier: MIT
 *
 * A command: one file cmd_NAME.c and one row in commands.c. Usage, help and completion are made from
 * the rows.
 */
#ifndef SOCKLENS_CLI_COMMAND_H
#define SOCKLENS_CLI_COMMAND_H

#include "cli/options.h"

/* Exit codes (docs: README, "Exit codes"). */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_DAMAGED = 3 };

struct command {
	const char *name;
	const char *words;   /* what follows options: "[CAPTURE...]"; "" = nothing */
	const char *summary; /* one line; NULL = not in any help */
	const char *more;    /* sentences of its help; NULL = none */
	unsigned bit;	     /* COMMAND_*: which options it takes */
	int (*run)(const struct settings *s);
};

/* Option rows name the commands they belong to by these. */
enum {
	COMMAND_LIVE = 1 << 0,
	COMMAND_REPORT = 1 << 1,
	COMMAND_TRACE = 1 << 2,
	COMMAND_LIST = 1 << 3,
	COMMAND_DOCTOR = 1 << 4,
	COMMAND_HELP = 1 << 5,
	COMMAND_KEYS = 1 << 6,
	COMMAND_DIFF = 1 << 7,
	COMMAND_RECORD = 1 << 8,
	COMMAND_EXPORT = 1 << 9,
	COMMAND_GENERATE = 1 << 10,
	COMMAND_CAPTURES = COMMAND_LIVE | COMMAND_REPORT | COMMAND_TRACE | COMMAND_RECORD | COMMAND_EXPORT,
	COMMAND_ANY = 0xffff
};

const struct command *commands(unsigned *count);
const struct command *command_find(const char *name); /* or NULL */

int cmd_live(const struct settings *s);
int cmd_report(const struct settings *s);
int cmd_record(const struct settings *s);
int cmd_diff(const struct settings *s);
int cmd_export(const struct settings *s);
int cmd_trace(const struct settings *s);
int cmd_list(const struct settings *s);
int cmd_doctor(const struct settings *s);
int cmd_keys(const struct settings *s);
int cmd_help(const struct settings *s);
int cmd_generate(const struct settings *s);

/* What list can tell, from i = 0; NULL ends. */
const char *list_topic(unsigned i);

#endif
