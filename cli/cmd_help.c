/* SPDX-License-Identifier: MIT */
#include "cli/message.h"
#include "cli/usage.h"

int cmd_help(const struct settings *s)
{
	const struct command *c = s->topic ? command_find(s->topic) : NULL;

	if (s->topic && (!c || !c->summary)) {
		message("there is no command %s; see socklens help", s->topic);
		return EXIT_USAGE;
	}
	if (c)
		usage_command(stdout, c);
	else
		usage_all(stdout);
	return EXIT_DONE;
}
