/* SPDX-License-Identifier: MIT */
#include "cli/manual.h"

#include <string.h>

#include "cli/command.h"
#include "cli/roff.h"
#include "flow/rows/field.h"
#include "flow/rows/filter.h"
#include "report/exporter.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/view.h"

/* --- socklens(1) ------------------------------------------------------------------------------ */

static void put_synopsis(FILE *out)
{
	unsigned n;
	const struct command *rows = commands(&n);

	roff_section(out, "SYNOPSIS", "");
	fputs(".B socklens\n[\\fIOPTION\\fR...]\n[\\fICAPTURE\\fR...]\n[\\fIFILTER "
	      "EXPRESSION\\fR]\n",
	      out);
	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].summary)
			continue;
		fprintf(out, ".br\n.B socklens %s\n[\\fIOPTION\\fR...]%s%s\n", rows[i].name,
			*rows[i].words ? " " : "", rows[i].words);
	}
}

static void put_commands(FILE *out)
{
	unsigned n;
	const struct command *rows = commands(&n);

	roff_section(out, "COMMANDS", "");
	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].summary)
			continue;
		roff_item(out, rows[i].name, *rows[i].words ? rows[i].words : NULL,
			  rows[i].summary);
		if (rows[i].more)
			roff_more(out, rows[i].more);
	}
}

/* "live, report, trace" */
static void put_users(FILE *out, unsigned bits)
{
	unsigned n;
	const struct command *rows = commands(&n);
	const char *between = ".br\nOf ";

	if (bits == COMMAND_ANY)
		return;
	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].summary || !(rows[i].bit & bits))
			continue;
		fprintf(out, "%s%s", between, rows[i].name);
		between = ", ";
	}
	fputs(".\n", out);
}

static void put_options(FILE *out)
{
	unsigned n;
	const struct option_row *rows = option_rows(&n);
	char name[64];

	roff_section(out, "OPTIONS", "");
	for (unsigned i = 0; i < n; i++) {
		if (rows[i].letter)
			snprintf(name, sizeof(name), "-%c, --%s", rows[i].letter, rows[i].name);
		else
			snprintf(name, sizeof(name), "--%s", rows[i].name);
		roff_item(out, name, rows[i].argument, rows[i].help);
		put_users(out, rows[i].commands);
	}
}

static void put_formats(FILE *out)
{
	unsigned n;
	const struct exporter *rows = exporters(&n);

	roff_section(out, "FORMATS", "");
	for (unsigned i = 0; i < n; i++)
		roff_item(out, rows[i].name, NULL, rows[i].help);
}

static void put_keys(FILE *out)
{
	unsigned n;
	const struct view *const *all = views(&n);
	const struct action *doings;
	char key[INPUT_NAME_MAX];

	roff_section(
		out, "KEYS",
		"Of the dashboard, unless the configuration binds others; socklens keys tells them "
		"as configured.");
	for (unsigned i = 0; i < n; i++)
		if (all[i]->key)
			roff_item(out, input_name(all[i]->key, key), all[i]->name, all[i]->help);
	doings = actions(&n);
	for (unsigned i = 0; i < n; i++)
		if (doings[i].keys[0])
			roff_item(out, input_name(doings[i].keys[0], key), doings[i].name,
				  doings[i].help);
}

static void put_rest(FILE *out)
{
	roff_section(out, "FILES", "");
	roff_item(out, "$XDG_CONFIG_HOME/socklens/config", NULL,
		  "or ~/.config/socklens/config: \"theme light\", \"fade 2m\", \"mouse off\", "
		  "\"ascii on\", "
		  "\"key pause z Ctrl-T\", one a line");
	roff_section(out, "ENVIRONMENT", "");
	roff_item(out, "NO_COLOR", NULL, "set and not empty: no colours");
	roff_item(out, "TMPDIR", NULL,
		  "where --jobs keeps rows in files without a name, instead of in /tmp");
	roff_section(out, "EXIT STATUS", "");
	roff_item(out, "0", NULL, "done");
	roff_item(out, "1", NULL, "failed");
	roff_item(out, "2", NULL, "wrong usage");
	roff_item(out, "3", NULL, "the input was damaged, and what could be read was reported");
	roff_paragraph(out, "With -- COMMAND: as the command ended, 128 + N for signal N, 127 when "
			    "it could not "
			    "be run, unless socklens itself failed.");
	roff_section(out, "EXAMPLES", "What people do every day:");
	roff_example(out,
		     "socklens -i eth0 tcp port 443\n"
		     "socklens report capture.pcap --top 20 --by bytes\n"
		     "socklens report capture_*.pcap --format html -o report.html\n"
		     "socklens report --for 1m --when 'state = REJ and process = curl' --do json\n"
		     "socklens diff before.pcap after.pcap\n"
		     "socklens trace -- curl example.org");
	roff_section(out, "SEE ALSO", "");
	fputs(".BR socklens\\-filter (7),\n.BR pcap\\-filter (7),\n.BR tcpdump (8),\n.BR ss (8)\n",
	      out);
}

void manual_program(FILE *out)
{
	roff_title(out, "SOCKLENS", "1", "socklens",
		   "for every connection: which process, socket and bytes");
	put_synopsis(out);
	roff_section(out, "DESCRIPTION",
		     "socklens shows, on one machine, for every connection: which process, which "
		     "socket, which "
		     "bytes, how late, and where they are now. An eBPF probe follows the sockets, "
		     "libpcap captures "
		     "the frames, and both are joined into flows: live in a terminal, from saved "
		     "captures, and as "
		     "reports, with the same flows and the same names in all three. What was not "
		     "seen is counted by "
		     "the stage that lost it. Unknown is shown as unknown, with the reason.\n"
		     "Words in front that are captures are read, as with -r; others are a filter "
		     "expression of "
		     "libpcap, which chooses frames.");
	put_commands(out);
	put_options(out);
	put_formats(out);
	put_keys(out);
	put_rest(out);
}

/* --- socklens-filter(7) ----------------------------------------------------------------------- */

static const struct {
	const char *written, *means;
} grammar[] = {
	{"FIELD = VALUE, FIELD != VALUE", "is, is not; texts regardless of upper and lower case"},
	{"FIELD < VALUE, <=, >, >=",
	 "numbers, sizes, times; texts that are numbers, such as status"},
	{"FIELD ~ REGEX, FIELD !~ REGEX",
	 "somewhere in the text (PCRE2, either case; (?-i) tells cases apart)"},
	{"FIELD in A,B,C, FIELD not in A,B,C",
	 "one of these; ranges 8000..8100; networks 10.0.0.0/8; (A, B) with spaces"},
	{"has FIELD", "the flow knows this"},
	{"WORD", "somewhere in a process name, program file, name or app; or the address, network, "
		 "port, pid or "
		 "protocol"},
	{"and, or, not, ( )",
	 "also &&, ||, !; two side by side mean \"and\", which binds closer than \"or\""},
	{"\"two words\"", "one value; \\\" and \\\\ inside; keywords as words: \"in\""},
};

static void put_names(FILE *out)
{
	static const char *const kinds[] = {
		[ALIAS_ANY] = "any of", [ALIAS_SUM] = "sum of", [ALIAS_FIRST] = "first of"};

	roff_section(out, "NAMES", "Short names stand for one or several fields.");
	for (const struct filter_alias *a = flow_filter_table.aliases; a->name; a++) {
		char text[512];
		bool several = strchr(a->fields, ' ');

		snprintf(text, sizeof(text), "%s (%s%s%s)", a->help, several ? kinds[a->kind] : "",
			 several ? " " : "", a->fields);
		roff_item(out, a->name, NULL, text);
	}
}

static void put_fields(FILE *out)
{
	unsigned n;
	const struct field *all = fields(&n);

	roff_section(out, "FIELDS", "");
	for (unsigned i = 0; i < n; i++)
		roff_item(out, all[i].name, NULL, all[i].help);
}

void manual_filter(FILE *out)
{
	roff_title(out, "SOCKLENS-FILTER", "7", "socklens-filter",
		   "which flows to keep, in one expression");
	roff_section(out, "DESCRIPTION",
		     "--filter of socklens(1), --when, and / in the dashboard keep the flows for "
		     "which an "
		     "expression holds. What stands behind the options of a command is another "
		     "language: "
		     "pcap-filter(7), which chooses frames before there are flows.");
	roff_example(out, "process = curl and not port in 80,443\n"
			  "dst.ip in 10.0.0.0/8\n"
			  "rtt > 50ms or retx > 0\n"
			  "sni ~ (^|\\.)example\\.org$\n"
			  "host in 192.0.2.0/24 and has sni\n"
			  "start > 2026-01-02T03:04:05\n"
			  "not (udp or icmp)");
	roff_section(out, "GRAMMAR", "");
	for (size_t i = 0; i < sizeof(grammar) / sizeof(grammar[0]); i++)
		roff_item(out, grammar[i].written, NULL, grammar[i].means);
	roff_paragraph(
		out,
		"Sizes: 1500, 64K = 64KiB = 65536, 64kB = 64000. Counts and bits a second: 10k, "
		"1.5M "
		"(1000). Times need their unit: 850ns, 10us, 10ms, 1.5s, 2m, 1h. Dates are UTC.\n"
		"What a flow does not know is neither equal nor different, smaller nor larger: rtt "
		"> 50ms "
		"and rtt <= 50ms both leave out a flow that was never measured, not rtt > 50ms "
		"keeps it.");
	put_names(out);
	put_fields(out);
	roff_section(out, "SEE ALSO", "");
	fputs(".BR socklens (1),\n.BR pcap\\-filter (7)\n", out);
}
