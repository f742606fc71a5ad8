/* SPDX-License-Identifier: MIT
 *
 * socklens list: the interfaces one can capture on.
 */
#include <stdio.h>

#include "capture/interfaces.h"
#include "cli/command.h"
#include "cli/message.h"

static const char *state_text(const struct interface_info *i)
{
	if (!i->up)
		return "down";
	return i->running ? "up" : "no link";
}

static void print_interface(void *ctx, const struct interface_info *i)
{
	unsigned *count = ctx;

	if ((*count)++ == 0)
		printf("%-16s %-8s %-40s %s\n", "INTERFACE", "STATE", "ADDRESSES", "DESCRIPTION");
	printf("%-16s %-8s %-40s %s\n", i->name, state_text(i), i->addresses,
	       i->description ? i->description : i->loopback ? "loopback" : "");
}

int cmd_list(const struct settings *s)
{
	unsigned count = 0;
	struct err e;

	(void)s;
	if (interfaces_list(print_interface, &count, &e) < 0) {
		message("%s", e.text);
		return EXIT_FAILED;
	}
	if (!count)
		message("no interface can be captured on; run as root, or give CAP_NET_RAW");
	return count ? EXIT_DONE : EXIT_FAILED;
}
