/* SPDX-License-Identifier: MIT
 *
 * Completions: words of commands, their options, formats, and what list knows; files elsewhere.
 */
#include <string.h>

#include "cli/command.h"
#include "cli/manual.h"
#include "report/exporter.h"

static bool takes_file(const struct option_row *o)
{
	return o->argument && strcmp(o->argument, "FILE") == 0;
}

static bool takes_format(const struct option_row *o)
{
	return strcmp(o->name, "format") == 0;
}

static void put_commands(FILE *out)
{
	unsigned n;
	const struct command *rows = commands(&n);
	const char *between = "";

	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].summary)
			continue;
		fprintf(out, "%s%s", between, rows[i].name);
		between = " ";
	}
}

static void put_formats(FILE *out)
{
	unsigned n;
	const struct exporter *rows = exporters(&n);

	for (unsigned i = 0; i < n; i++)
		fprintf(out, "%s%s", i ? " " : "", rows[i].name);
}

static void put_topics(FILE *out)
{
	for (unsigned i = 0; list_topic(i); i++)
		fprintf(out, "%s%s", i ? " " : "", list_topic(i));
}

/* In single quotes: what would end them is left out, and what the shell's own completion reads. */
static void put_help(FILE *out, const char *help, const char *special)
{
	for (; *help; help++) {
		if (*help == '\'')
			continue;
		if (strchr(special, *help))
			fputc('\\', out);
		fputc(*help, out);
	}
}

/* --- bash ------------------------------------------------------------------------------------- */

static void put_names(FILE *out, const struct option_row *o, const char *between)
{
	fprintf(out, "--%s", o->name);
	if (o->letter)
		fprintf(out, "%s-%c", between, o->letter);
}

/* The case of an option's argument. */
static void put_bash_arguments(FILE *out, bool (*takes)(const struct option_row *o),
			       const char *words)
{
	unsigned n;
	const struct option_row *rows = option_rows(&n);
	const char *before = "\t";

	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].argument || !takes(&rows[i]))
			continue;
		fputs(before, out);
		put_names(out, &rows[i], "|");
		before = "|";
	}
	fprintf(out, ") %s return ;;\n", words);
}

static bool takes_other(const struct option_row *o)
{
	return !takes_file(o) && !takes_format(o);
}

static void put_bash_options(FILE *out, const struct command *c)
{
	unsigned n;
	const struct option_row *rows = option_rows(&n);

	fprintf(out, "\t%s) options=\"", c->name);
	for (unsigned i = 0; i < n; i++)
		if (rows[i].commands & c->bit) {
			put_names(out, &rows[i], " ");
			fputc(' ', out);
		}
	fputs("\" ;;\n", out);
}

void completion_bash(FILE *out)
{
	unsigned n;
	const struct command *rows = commands(&n);

	fputs("# bash completion of socklens; made by: socklens generate bash\n_socklens()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=live "
	      "options=\n"
	      "\tlocal commands=\"",
	      out);
	put_commands(out);
	fputs("\"\n\tCOMPREPLY=()\n\t[[ \" $commands \" == *\" ${COMP_WORDS[1]} \"* ]] && "
	      "command=${COMP_WORDS[1]}\n"
	      "\tcase $prev in\n",
	      out);
	put_bash_arguments(out, takes_file, "COMPREPLY=($(compgen -f -- \"$cur\"));");
	fputs("\t--format) COMPREPLY=($(compgen -W \"", out);
	put_formats(out);
	fputs("\" -- \"$cur\")); return ;;\n", out);
	put_bash_arguments(out, takes_other, "");
	fputs("\tesac\n\tcase $command in\n", out);
	for (unsigned i = 0; i < n; i++)
		if (rows[i].summary)
			put_bash_options(out, &rows[i]);
	fputs("\tesac\n\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$options\" -- "
	      "\"$cur\"))\n"
	      "\telif [[ $command == help ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$commands\" -- "
	      "\"$cur\"))\n"
	      "\telif [[ $command == list ]]; then\n\t\tCOMPREPLY=($(compgen -W \"",
	      out);
	put_topics(out);
	fputs("\" -- \"$cur\"))\n\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	      "\t\t[[ $COMP_CWORD == 1 ]] && COMPREPLY+=($(compgen -W \"$commands\" -- "
	      "\"$cur\"))\n\tfi\n}\n"
	      "complete -o filenames -F _socklens socklens\n",
	      out);
}

/* --- zsh -------------------------------------------------------------------------------------- */

static void put_zsh_spec(FILE *out, const struct option_row *o, const char *name)
{
	fprintf(out, " \\\n\t\t\t'*%s[", name);
	put_help(out, o->help, "[]:\\");
	fputc(']', out);
	if (takes_file(o))
		fputs(":file:_files", out);
	else if (takes_format(o)) {
		fputs(":format:(", out);
		put_formats(out);
		fputc(')', out);
	} else if (o->argument)
		fprintf(out, ":%s:", o->argument);
	fputc('\'', out);
}

static void put_zsh_options(FILE *out, const struct command *c)
{
	unsigned n;
	const struct option_row *rows = option_rows(&n);
	char name[64];

	fprintf(out, "\t\t%s)\n\t\t_arguments -S", c->name);
	for (unsigned i = 0; i < n; i++) {
		if (!(rows[i].commands & c->bit))
			continue;
		snprintf(name, sizeof(name), "--%s", rows[i].name);
		put_zsh_spec(out, &rows[i], name);
		snprintf(name, sizeof(name), "-%c", rows[i].letter);
		if (rows[i].letter)
			put_zsh_spec(out, &rows[i], name);
	}
	fputs(" \\\n\t\t\t'*:word:", out);
	if (c->bit == COMMAND_LIST || c->bit == COMMAND_HELP) {
		fputc('(', out);
		(c->bit == COMMAND_LIST ? put_topics : put_commands)(out);
		fputc(')', out);
	} else {
		fputs("_files", out);
	}
	fputs("' ;;\n", out);
}

void completion_zsh(FILE *out)
{
	unsigned n;
	const struct command *rows = commands(&n);

	fputs("#compdef socklens\n# zsh completion of socklens; made by: socklens generate "
	      "zsh\n_socklens() {\n"
	      "\tlocal -a commands\n\tlocal command=live\n\tcommands=(\n",
	      out);
	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].summary)
			continue;
		fprintf(out, "\t\t'%s:", rows[i].name);
		put_help(out, rows[i].summary, ":\\");
		fputs("'\n", out);
	}
	fputs("\t)\n\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
	      "\t\t_describe command commands\n\t\t_files\n\t\treturn\n\tfi\n"
	      "\tif [[ -n ${commands[(r)${words[2]}:*]} ]]; then\n"
	      "\t\tcommand=$words[2]\n\t\tshift words\n\t\t(( CURRENT-- ))\n\tfi\n\tcase $command "
	      "in\n",
	      out);
	for (unsigned i = 0; i < n; i++)
		if (rows[i].summary)
			put_zsh_options(out, &rows[i]);
	fputs("\tesac\n}\n_socklens \"$@\"\n", out);
}

/* --- fish ------------------------------------------------------------------------------------- */

static void put_fish_users(FILE *out, unsigned bits)
{
	unsigned n;
	const struct command *rows = commands(&n);

	if (bits & COMMAND_LIVE) {
		fputs("not __fish_seen_subcommand_from", out);
		for (unsigned i = 0; i < n; i++)
			if (rows[i].summary && !(rows[i].bit & bits))
				fprintf(out, " %s", rows[i].name);
		fputs(" generate", out);
		return;
	}
	fputs("__fish_seen_subcommand_from", out);
	for (unsigned i = 0; i < n; i++)
		if (rows[i].summary && rows[i].bit & bits)
			fprintf(out, " %s", rows[i].name);
}

static void put_fish_option(FILE *out, const struct option_row *o)
{
	fputs("complete -c socklens -n '", out);
	put_fish_users(out, o->commands);
	fprintf(out, "' -l %s", o->name);
	if (o->letter)
		fprintf(out, " -s %c", o->letter);
	if (takes_file(o)) {
		fputs(" -r -F", out);
	} else if (takes_format(o)) {
		fputs(" -x -a '", out);
		put_formats(out);
		fputc('\'', out);
	} else if (o->argument) {
		fputs(" -x", out);
	}
	fputs(" -d '", out);
	put_help(out, o->help, "\\");
	fputs("'\n", out);
}

void completion_fish(FILE *out)
{
	unsigned n, count;
	const struct command *rows = commands(&n);
	const struct option_row *all = option_rows(&count);

	fputs("# fish completion of socklens; made by: socklens generate fish\n", out);
	for (unsigned i = 0; i < n; i++) {
		if (!rows[i].summary)
			continue;
		fprintf(out, "complete -c socklens -n __fish_use_subcommand -a %s -d '",
			rows[i].name);
		put_help(out, rows[i].summary, "\\");
		fputs("'\n", out);
	}
	fputs("complete -c socklens -n '__fish_seen_subcommand_from help' -f -a '", out);
	put_commands(out);
	fputs("'\ncomplete -c socklens -n '__fish_seen_subcommand_from list' -f -a '", out);
	put_topics(out);
	fputs("'\n", out);
	for (unsigned i = 0; i < count; i++)
		put_fish_option(out, &all[i]);
}
