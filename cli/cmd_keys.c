/* SPDX-License-Identifier: MIT
 *
 * socklens keys: what keys do in the dashboard, as configured.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/message.h"
#include "tui/input.h"
#include "tui/view.h"

static void print_views(void)
{
	unsigned count;
	const struct view *const *all = views(&count);
	char key[INPUT_NAME_MAX];

	printf("%-16s %-22s %s\n", "VIEW", "KEYS", "SHOWS");
	for (unsigned i = 0; i < count; i++) {
		if (all[i]->key)
			printf("%-16s %-22s %s\n", all[i]->name, input_name(all[i]->key, key),
			       all[i]->help);
	}
}

static void print_actions(const struct keymap *m)
{
	unsigned count;
	const struct action *all = actions(&count);
	char keys[64];

	printf("\n%-16s %-22s %s\n", "ACTION", "KEYS", "DOES");
	for (unsigned i = 0; i < count; i++)
		printf("%-16s %-22s %s\n", all[i].name, keymap_text(m, &all[i], keys, sizeof(keys)),
		       all[i].help);
}

int cmd_keys(const struct settings *s)
{
	struct config c;
	struct err e;
	int status = config_read(&c, &e);

	(void)s;
	if (status < 0)
		message("%s; these are the defaults", e.text);
	print_views();
	print_actions(&c.keys);
	return status < 0 ? EXIT_FAILED : EXIT_DONE;
}
