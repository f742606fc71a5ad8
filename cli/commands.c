/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <string.h>

#define CAPTURES_AND_FILTER "[CAPTURE...] [FILTER EXPRESSION]"

static const struct command rows[] = {
	{"live", CAPTURES_AND_FILTER, "the dashboard: this machine's flows, or a capture's (the default command)",
	 NULL, COMMAND_LIVE, cmd_live},
	{"report", CAPTURES_AND_FILTER,
	 "flows as a table, a page or records for other tools, from captures or an interface",
	 "Several captures are read as one, in the order of their frames' times: a flow that crosses the files of a "
	 "rotated set (capture_00001, capture_00002, ...) is one flow, and captures of the same minutes are merged. "
	 "This is what mergecap and one report would give. With --jobs each capture is read on its own, many at "
	 "once, and their rows are merged in order of time: quicker, but a flow that crosses files is one in each.\n"
	 "--when fires once for each flow and state of it: live when it is so, of captures when the flow ends. At "
	 "most 20 at once of one rule, then 2 a second, are told; the rest is counted.",
	 COMMAND_REPORT, cmd_report},
	{"record", "-w FILE [FILTER EXPRESSION]", "what is captured, into a file that keeps its processes", NULL,
	 COMMAND_RECORD, cmd_record},
	{"diff", "BEFORE AFTER", "what changed between two captures, worst first: socklens diff BEFORE AFTER", NULL,
	 COMMAND_DIFF, cmd_diff},
	{"export", CAPTURES_AND_FILTER, "flows to collectors and metrics to Prometheus, as a service; docs/FLEET.md", NULL,
	 COMMAND_EXPORT, cmd_export},
	{"trace", "[FILTER EXPRESSION]", "socket system calls as they return, with the flows and frames they caused", NULL,
	 COMMAND_TRACE, cmd_trace},
	{"list", "[WHAT]",
	 "interfaces; or: list fields, names, formats, schema, decoders, applications, losses", NULL, COMMAND_LIST,
	 cmd_list},
	{"doctor", "", "what this kernel, these privileges and this build allow", NULL, COMMAND_DOCTOR, cmd_doctor},
	{"keys", "", "what keys do in the dashboard, as configured", NULL, COMMAND_KEYS, cmd_keys},
	{"help", "[COMMAND]", "how to use a command: socklens help report", NULL, COMMAND_HELP, cmd_help},
	{"generate", "WHAT", NULL, NULL, COMMAND_GENERATE, cmd_generate},
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
