/* SPDX-License-Identifier: MIT
 *
 * Options: one row each in options.c, parsed into a struct settings. Letters follow tcpdump where it
 * has one; every letter has a long name.
 */
#ifndef SOCKLENS_CLI_OPTIONS_H
#define SOCKLENS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/probe.h"
#include "flow/window.h"

enum { SETTINGS_FILES_MAX = 4096, EXPORT_SINKS_MAX = 8 }; /* as ENGINE_SOURCES_MAX */

enum export_kind { EXPORT_IPFIX, EXPORT_PROMETHEUS, EXPORT_TEXTFILE, EXPORT_NDJSON };

struct export_sink {
	enum export_kind kind;
	const char *argument; /* borrowed */
};

struct export_settings { /* socklens export */
	struct export_sink sinks[EXPORT_SINKS_MAX];
	unsigned sink_count;
	int64_t active_ns, idle_ns;
	size_t queue_bytes; /* of each sink of records */
	unsigned series;    /* of metrics: pairs of process and protocol */
	uint32_t domain;    /* IPFIX observation domain */
};


/* What is done when a flow is as --when says (cli/watch.h). */
enum watch_action { WATCH_PRINT, WATCH_JSON, WATCH_RECORD };
struct watch_rule {
	const char *when;
	enum watch_action what;
};
enum { SETTINGS_RULES_MAX = 32 }; /* as ALERT_RULES_MAX */

struct settings {
	const char *interface;		       /* NULL = the default, "any" */
	const char *files[SETTINGS_FILES_MAX]; /* -r, or words that name captures */
	unsigned file_count;
	char *filter;		  /* owned: the trailing words joined, or -F's content; NULL = none */
	const char *filter_file;
	const char *row_filter;	  /* --filter: which rows to keep; NULL = all */
	struct watch_rule rules[SETTINGS_RULES_MAX]; /* --when, --do */
	unsigned rule_count;
	const char *record_to; /* of --do record */
	const char *group_by, *by, *fields; /* report/job.h */
	const char *output;	  /* NULL = standard output */
	const char *format;	  /* NULL = text on a terminal and elsewhere */
	const char *record;	  /* -w: what is captured goes there; NULL = nowhere */
	uint64_t file_bytes;	  /* -C: another file is begun after so many; 0 = never */
	unsigned keep_files;	  /* -W: of those, the last ones only; 0 = all */
	const char *user;	  /* -Z */
	const char *sample;	  /* opened instead when capturing is not permitted */
	const char *topic;	  /* help, list: the word that follows */
	enum probe_plan plan;
	uint64_t max_packets;
	uint32_t snaplen, buffer_bytes;
	bool all_families;	  /* sockets of every family, beside IP */
	struct probe_scope scope; /* whom to follow; zero = everybody */
	char **command;		  /* after --: to be run and followed; borrowed; NULL = none */
	int64_t run_for_ns;
	unsigned top;
	unsigned jobs; /* captures read side by side, each on its own; 0 = as one */
	struct export_settings export;
	struct window_options window; /* --between, --interval */
	bool key_vlan, key_tunnel; /* part of what tells flows apart */
	const char *theme;	  /* of the dashboard; NULL = as configured */
	bool ascii, no_mouse;
	bool payload;	/* keep bytes of frames to look at */
	bool checksums; /* verify those of transport headers */
	bool calls;	/* time system calls */
	bool numeric, promiscuous, csv_raw, version, help;
};

/* Options that belong to a command (its COMMAND_ bit), for help texts. */
struct option_row {
	const char *name;     /* long name */
	char letter;	      /* 0 = none */
	const char *argument; /* NULL = takes none; "FILE" */
	unsigned commands;    /* bits of the commands that take it */
	const char *help;
	/*
	 * Store the argument; a negative errno and the reason in *e when it is wrong. NULL: it is kept
	 * as it is, borrowed, in the settings' text at `keep`; without one, the flag there is set.
	 */
	int (*set)(struct settings *s, const char *argument, struct err *e);
	size_t keep;
};

const struct option_row *option_rows(unsigned *count);

/*
 * Parse argv[1..] for one command. 0, or -EINVAL with the reason in *e. Words that are no options are
 * captures and then the filter expression (the topic, for help).
 */
int options_parse(struct settings *s, unsigned command_bit, int argc, char **argv, struct err *e);
void settings_done(struct settings *s);

#endif
