/* SPDX-License-Identifier: MIT
 *
 * socklens list: the interfaces one can capture on, and what the program's tables hold.
 */
#include <stdio.h>
#include <string.h>

#include "base/loss.h"
#include "capture/interfaces.h"
#include "cli/command.h"
#include "cli/message.h"
#include "decode/app.h"
#include "decode/decode.h"
#include "flow/rows/field.h"
#include "flow/rows/filter.h"
#include "report/exporter.h"
#include "report/schema.h"

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
	       i->description ? i->description
	       : i->loopback  ? "loopback"
			      : "");
}

static int list_interfaces(void)
{
	unsigned count = 0;
	struct err e;

	if (interfaces_list(print_interface, &count, &e) < 0) {
		message("%s", e.text);
		return EXIT_FAILED;
	}
	if (!count)
		message("no interface can be captured on; run as root, or give CAP_NET_RAW");
	return count ? EXIT_DONE : EXIT_FAILED;
}

/* --- what the tables hold --------------------------------------------------------------------- */

static int list_fields(void)
{
	unsigned n;
	const struct field *rows = fields(&n);

	for (unsigned i = 0; i < n; i++)
		printf("%-36s %s\n", rows[i].name, rows[i].help);
	return EXIT_DONE;
}

/* Short names of the filter language; `socklens list fields` has the long ones. */
static int list_names(void)
{
	static const char *const kinds[] = {
		[ALIAS_ANY] = "any of", [ALIAS_SUM] = "sum of", [ALIAS_FIRST] = "first of"};

	for (const struct filter_alias *a = flow_filter_table.aliases; a->name; a++) {
		bool several = strchr(a->fields, ' ');

		printf("%-16s %s (%s%s%s)\n", a->name, a->help, several ? kinds[a->kind] : "",
		       several ? " " : "", a->fields);
	}
	return EXIT_DONE;
}

static int list_formats(void)
{
	unsigned n;
	const struct exporter *rows = exporters(&n);

	for (unsigned i = 0; i < n; i++)
		printf("%-36s %s\n", rows[i].name, rows[i].help);
	return EXIT_DONE;
}

/* The native record as a JSON Schema. */
static int list_schema(void)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	schema_put(&out);
	fputs(buf_text(&out), stdout);
	buf_done(&out);
	return EXIT_DONE;
}

static int list_decoders(void)
{
	unsigned n;
	const struct decoder *rows = decoders(&n);

	for (unsigned i = 0; i < n; i++)
		printf("%-36s %s\n", rows[i].name, rows[i].reference);
	return EXIT_DONE;
}

static int list_applications(void)
{
	unsigned n;
	const struct app_parser *rows = app_parsers(&n);

	for (unsigned i = 0; i < n; i++)
		printf("%-36s %s\n", rows[i].name, rows[i].reference);
	return EXIT_DONE;
}

static int list_losses(void)
{
	for (int i = 0; i < LOSS_STAGES; i++)
		printf("%-36s %s\n", loss_name(i), loss_help(i));
	return EXIT_DONE;
}

static const struct {
	const char *topic;
	int (*list)(void);
} topics[] = {
	{"interfaces", list_interfaces},     {"fields", list_fields},
	{"names", list_names},		     {"formats", list_formats},
	{"schema", list_schema},	     {"decoders", list_decoders},
	{"applications", list_applications}, {"losses", list_losses},
};

const char *list_topic(unsigned i)
{
	return i < sizeof(topics) / sizeof(topics[0]) ? topics[i].topic : NULL;
}

int cmd_list(const struct settings *s)
{
	for (unsigned i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (!strcmp(s->topic ? s->topic : "interfaces", topics[i].topic))
			return topics[i].list();
	message("list %s: there are interfaces, fields, names, formats, schema, decoders, applications and losses",
		s->topic);
	return EXIT_USAGE;
}
