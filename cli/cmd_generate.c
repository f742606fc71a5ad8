/* SPDX-License-Identifier: MIT
 *
 * socklens generate: what is installed beside the program (cli/manual.h). For packages, so no help
 * tells of it.
 */
#include <string.h>

#include "cli/command.h"
#include "cli/manual.h"
#include "cli/message.h"

static const struct {
	const char *what;
	void (*put)(FILE *out);
} rows[] = {
	{"manual", manual_program}, {"manual-filter", manual_filter}, {"bash", completion_bash},
	{"zsh", completion_zsh},    {"fish", completion_fish},
};

int cmd_generate(const struct settings *s)
{
	for (size_t i = 0; s->topic && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(s->topic, rows[i].what) != 0)
			continue;
		rows[i].put(stdout);
		return EXIT_DONE;
	}
	message("generate: there are manual, manual-filter, bash, zsh and fish");
	return EXIT_USAGE;
}
