/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <string.h>

static const struct command rows[] = {
	{"live", "the dashboard: this machine's flows, or a capture's (the default command)",
	 COMMAND_LIVE, cmd_live},
	{"report", "flows as a table, a page or records for other tools, from captures or an interface", COMMAND_REPORT,
	 cmd_report},
	{"diff", "what changed between two captures, worst first: socklens diff BEFORE AFTER", COMMAND_DIFF,
	 cmd_diff},
	{"trace", "socket system calls as they return, with the flows and frames they caused", COMMAND_TRACE, cmd_trace},
	{"list", "interfaces; or: list fields, names, formats, schema, decoders, applications, losses", COMMAND_LIST, cmd_list},
	{"doctor", "what this kernel, these privileges and this build allow", COMMAND_DOCTOR,
	 cmd_doctor},
	{"keys", "what keys do in the dashboard, as configured", COMMAND_KEYS, cmd_keys},
	{"help", "how to use a command: socklens help report", COMMAND_HELP, cmd_help},
};

const struct command *commands(unsigned *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

const struct command *command_find(const char *name)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}
