/* SPDX-License-Identifier: MIT
 *
 * Find the command, parse its options, run it.
 */
#include <locale.h>
#include <string.h>

#include "cli/captures.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/usage.h"
#include "cli/version.h"

/* A first word that is no command would silently become a filter: "socklens reprot" is a mistake. */
static const struct command *choose(int *argc, char ***argv)
{
	const char *word = *argc > 1 ? (*argv)[1] : "-";
	const struct command *c = command_find(word);

	if (strcmp(word, "-D") == 0)
		c = command_find("list");
	else if (!c && (word[0] == '-' || captures_is_one(word)))
		return command_find("live");
	if (c) {
		(*argc)--;
		(*argv)++;
	}
	return c;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct settings s;
	struct err e;
	int code;

	if (options_parse(&s, c->bit, argc, argv, &e) < 0) {
		message("%s; see socklens help %s", e.text, c->name);
		settings_done(&s);
		return EXIT_USAGE;
	}
	if (s.version) {
		version_print(stdout);
		code = EXIT_DONE;
	} else if (s.help) {
		usage_command(stdout, c);
		code = EXIT_DONE;
	} else {
		code = c->run(&s);
	}
	settings_done(&s);
	return code;
}

int main(int argc, char **argv)
{
	const struct command *c;

	setlocale(LC_CTYPE, "");
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		usage_all(stdout);
		return EXIT_DONE;
	}
	c = choose(&argc, &argv);
	if (!c) {
		message("there is no command %s; see socklens help", argv[1]);
		return EXIT_USAGE;
	}
	return run(c, argc, argv);
}
