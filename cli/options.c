/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fmt.h"
#include "cli/captures.h"
#include "cli/command.h"
#include "cli/export_options.h"
#include "cli/scope_options.h"

enum { FILTER_TEXT_MAX = 64 << 10, SNAPLEN_MAX = 262144, LONG_ONLY = 256, JOBS_MAX = 256 };

/* --- setters, of options that are not kept as they are ---------------------------------------- */

static int set_file(struct settings *s, const char *arg, struct err *e)
{
	if (s->file_count == SETTINGS_FILES_MAX)
		return err_set(e, -EINVAL, "-r: at most %d files", SETTINGS_FILES_MAX);
	s->files[s->file_count++] = arg;
	return 0;
}

static int set_count(struct settings *s, const char *arg, struct err *e)
{
	if (parse_u64(&s->max_packets, arg, UINT64_MAX) && s->max_packets)
		return 0;
	return err_set(e, -EINVAL, "-c %s: give a number of packets, 1 or more", arg);
}

static int set_snaplen(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_u64(&v, arg, SNAPLEN_MAX))
		return err_set(e, -EINVAL, "-s %s: give bytes, 0 (whole frames) to %d", arg,
			       SNAPLEN_MAX);
	s->snaplen = (uint32_t)v;
	return 0;
}

static int set_buffer(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_bytes(&v, arg) || v < 4096 || v > 1u << 30)
		return err_set(e, -EINVAL, "-B %s: give a size such as 64M, 4K to 1G", arg);
	s->buffer_bytes = (uint32_t)v;
	return 0;
}

static int set_for(struct settings *s, const char *arg, struct err *e)
{
	if (parse_duration(&s->run_for_ns, arg) && s->run_for_ns > 0)
		return 0;
	return err_set(e, -EINVAL, "--for %s: give a time such as 10s, 500ms or 5m", arg);
}

static int set_file_size(struct settings *s, const char *arg, struct err *e)
{
	if (parse_bytes(&s->file_bytes, arg) && s->file_bytes >= 4096)
		return 0;
	return err_set(e, -EINVAL, "-C %s: give a size such as 64M, 4K or more", arg);
}

static int set_keep_files(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_u64(&v, arg, UINT32_MAX) || !v)
		return err_set(e, -EINVAL, "-W %s: give a number of files, 1 or more", arg);
	s->keep_files = (unsigned)v;
	return 0;
}

static int set_top(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_u64(&v, arg, INT32_MAX) || !v)
		return err_set(e, -EINVAL, "--top %s: give a number of rows, 1 or more", arg);
	s->top = (unsigned)v;
	return 0;
}

static int set_jobs(struct settings *s, const char *arg, struct err *e)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t v;

	if (!parse_u64(&v, arg, JOBS_MAX))
		return err_set(e, -EINVAL, "--jobs %s: give a number up to %d, or 0 for as many as there are cores", arg,
			       JOBS_MAX);
	s->jobs = v ? (unsigned)v : cores > 0 ? (unsigned)cores : 1;
	return 0;
}

static int set_when(struct settings *s, const char *arg, struct err *e)
{
	if (s->rule_count == SETTINGS_RULES_MAX)
		return err_set(e, -EINVAL, "--when: at most %d of them", SETTINGS_RULES_MAX);
	s->rules[s->rule_count++].when = arg;
	return 0;
}

static int set_do(struct settings *s, const char *arg, struct err *e)
{
	static const char *const names[] = {
		[WATCH_PRINT] = "print", [WATCH_JSON] = "json", [WATCH_RECORD] = "record"};

	if (!s->rule_count)
		return err_set(e, -EINVAL, "--do %s: say when first, with --when EXPR", arg);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(arg, names[i]) == 0) {
			s->rules[s->rule_count - 1].what = i;
			return 0;
		}
	}
	return err_set(e, -EINVAL, "--do %s: there are print, json and record", arg);
}

static int set_interval(struct settings *s, const char *arg, struct err *e)
{
	if (parse_duration(&s->window.slice_ns, arg) && s->window.slice_ns >= 1000000)
		return 0;
	return err_set(e, -EINVAL, "--interval %s: give a time such as 10s, at least 1ms", arg);
}

/* One end of --between; an empty one is open. */
static bool read_moment(int64_t *ns, bool *of_day, bool *is_time, const char *text)
{
	if (!*text)
		return true;
	if (parse_time(ns, text))
		return *is_time = true;
	return *of_day = parse_time_of_day(ns, text);
}

static int set_between(struct settings *s, const char *arg, struct err *e)
{
	struct window_options *w = &s->window;
	char words[96], *rest = words;
	const char *from, *until;
	bool is_time = false;

	if (snprintf(words, sizeof(words), "%s", arg) < (int)sizeof(words)) {
		from = strsep(&rest, ",");
		until = rest;
		if (until && read_moment(&w->from_ns, &w->of_day, &is_time, from) &&
		    read_moment(&w->until_ns, &w->of_day, &is_time, until) &&
		    !(w->of_day && is_time))
			return 0;
	}
	return err_set(e, -EINVAL,
		       "--between %s: give two times of one kind in UTC, such as 03:04,03:05:30 or "
		       "2026-01-02T03:04,2026-01-02T03:05; one may be left out", arg);
}

static int set_probe(struct settings *s, const char *arg, struct err *e)
{
	static const struct {
		const char *name;
		enum probe_plan plan;
	} plans[] = {{"auto", PROBE_AUTO}, {"n", PROBE_PLAN_N}, {"s", PROBE_PLAN_S}, {"off", PROBE_OFF}};

	for (unsigned i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		if (strcmp(arg, plans[i].name) == 0) {
			s->plan = plans[i].plan;
			return 0;
		}
	}
	return err_set(e, -EINVAL, "--probe %s: there are auto, n, s and off", arg);
}

/* A list of words, each of which refines what makes two packets of one flow. */
static int set_key(struct settings *s, const char *arg, struct err *e)
{
	char words[32], *rest = words;

	if (snprintf(words, sizeof(words), "%s", arg) >= (int)sizeof(words))
		return err_set(e, -EINVAL, "--key %s: there are vlan and tunnel", arg);
	for (const char *w; (w = strsep(&rest, ","));) {
		if (strcmp(w, "vlan") == 0)
			s->key_vlan = true;
		else if (strcmp(w, "tunnel") == 0)
			s->key_tunnel = true;
		else
			return err_set(e, -EINVAL, "--key %s: there are vlan and tunnel", arg);
	}
	return 0;
}

/* --- the rows --------------------------------------------------------------------------------- */

#define READS	(COMMAND_LIVE | COMMAND_REPORT | COMMAND_EXPORT)
#define RECORDS (COMMAND_LIVE | COMMAND_REPORT | COMMAND_RECORD)

#define KEEP(member) NULL, offsetof(struct settings, member)
#define SET(function) function, 0

static const struct option_row rows[] = {
	{"interface", 'i', "IFACE", COMMAND_CAPTURES, "capture on this interface; any (the default) = all",
	 KEEP(interface)},
	{"read", 'r', "FILE", READS, "read a pcap or pcapng capture, - for standard input; repeatable",
	 SET(set_file)},
	{"jobs", 0, "N", COMMAND_REPORT, "read so many captures side by side (0 = one a core), each on its own: "
	 "no flow crosses them", SET(set_jobs)},
	{"write", 'w', "FILE", RECORDS, "record what is captured: pcapng, with processes in comments; - for standard output",
	 KEEP(record)},
	{"file-size", 'C', "SIZE", RECORDS, "begin another file, FILE-1, FILE-2, ..., once one is so large: 64M",
	 SET(set_file_size)},
	{"files", 'W', "N", RECORDS, "keep only the last N of these", SET(set_keep_files)},
	{"filter-file", 'F', "FILE", RECORDS | COMMAND_EXPORT, "read the filter expression from a file", KEEP(filter_file)},
	{"count", 'c', "N", RECORDS | COMMAND_EXPORT, "stop after N packets", SET(set_count)},
	{"for", 0, "TIME", COMMAND_CAPTURES, "stop after this time: 10s, 500ms, 5m", SET(set_for)},
	{"format", 0, "NAME", COMMAND_REPORT | COMMAND_TRACE | COMMAND_DIFF, "text (the default), or one of those below", KEEP(format)},
	{"filter", 0, "EXPR", COMMAND_REPORT | COMMAND_DIFF, "only these flows: 'process = curl and rtt > 50ms'; see socklens-filter(7)",
	 KEEP(row_filter)},
	{"when", 0, "EXPR", READS, "tell of each flow that is so, on standard error: 'state = REJ and process = curl'; "
	 "repeatable", SET(set_when)},
	{"do", 0, "ACTION", READS, "what the --when before it does: print (the default), json, record", SET(set_do)},
	{"record-to", 0, "FILE", READS, "a new pcapng file for what --do record finds of a flow's newest frames",
	 KEEP(record_to)},
	{"between", 0, "A,B", COMMAND_REPORT, "only frames from A on and before B: 03:04,03:05:30",
	 SET(set_between)},
	{"group-by", 0, "KEY", COMMAND_REPORT, "add flows up by process, host, port, container, name, app, ...",
	 KEEP(group_by)},
	{"interval", 0, "TIME", COMMAND_REPORT, "add flows up in each interval: 10s", SET(set_interval)},
	{"top", 0, "N", COMMAND_REPORT | COMMAND_DIFF, "only the N rows that are largest", SET(set_top)},
	{"by", 0, "FIELD", COMMAND_REPORT, "by what: bytes (the default), packets, rtt, ...", KEEP(by)},
	{"fields", 0, "A,B,C", COMMAND_REPORT, "these fields only", KEEP(fields)},
	{"output", 'o', "FILE", COMMAND_REPORT, "write there instead of to standard output", KEEP(output)},
	{"ipfix", 0, "HOST:PORT", COMMAND_EXPORT, "flows to an IPFIX collector by UDP; tcp://HOST:PORT by TCP",
	 SET(set_export_ipfix)},
	{"ndjson", 0, "FILE", COMMAND_EXPORT, "flow records as JSON lines; - for standard output",
	 SET(set_export_ndjson)},
	{"prometheus", 0, "[ADDR:]PORT", COMMAND_EXPORT, "metrics at http://ADDR:PORT/metrics; without ADDR for "
	 "this machine only", SET(set_export_prometheus)},
	{"textfile", 0, "FILE", COMMAND_EXPORT, "metrics in a file, for node-exporter", SET(set_export_textfile)},
	{"active", 0, "TIME", COMMAND_EXPORT, "tell flows that go on each so often: 60s (the default)",
	 SET(set_export_active)},
	{"idle", 0, "TIME", COMMAND_EXPORT, "tell flows that have been quiet for so long: 15s (the default)",
	 SET(set_export_idle)},
	{"queue", 0, "SIZE", COMMAND_EXPORT, "what may wait for a slow receiver: 16M (the default)",
	 SET(set_export_queue)},
	{"series", 0, "N", COMMAND_EXPORT, "metrics of so many pairs of process and protocol: 100 (the default)",
	 SET(set_export_series)},
	{"domain", 0, "N", COMMAND_EXPORT, "IPFIX observation domain: 1 (the default)", SET(set_export_domain)},
	{"key", 0, "LIST", READS, "tell flows apart by vlan, tunnel or vlan,tunnel as well", SET(set_key)},
	{"checksums", 0, NULL, READS, "verify TCP, UDP and ICMP checksums too: reads every byte",
	 KEEP(checksums)},
	{"numeric", 'n', NULL, READS, "addresses only, not what answers of DNS on the wire called them; nothing is ever asked", KEEP(numeric)},
	{"csv-raw", 0, NULL, COMMAND_REPORT, "csv: leave = + - @ at the start of a cell unquoted",
	 KEEP(csv_raw)},
	{"probe", 0, "PLAN", COMMAND_CAPTURES, "socket probe: auto, n, s (fallback), off", SET(set_probe)},
	{"calls", 0, NULL, READS, "time system calls too: call to wire, arrival to read, accept queue; and show them in ladders",
	 KEEP(calls)},
	{"all-families", 0, NULL, COMMAND_CAPTURES, "Unix, netlink, packet and other sockets beside IP's (live: always)",
	 KEEP(all_families)},
	{"pid", 0, "PID", COMMAND_CAPTURES, "this process and all that it starts; as those that follow, "
	 "repeatable", SET(set_scope_pid)},
	{"comm", 0, "NAME", COMMAND_CAPTURES, "processes of this name", SET(set_scope_comm)},
	{"uid", 0, "USER", COMMAND_CAPTURES, "processes of this user", SET(set_scope_uid)},
	{"cgroup", 0, "PATH", COMMAND_CAPTURES, "processes in this cgroup, or below", SET(set_scope_cgroup)},
	{"netns", 0, "NETNS", COMMAND_CAPTURES, "sockets of this network namespace: a name, a process, "
	 "its number", SET(set_scope_netns)},
	{"port", 0, "PORT", COMMAND_CAPTURES, "sockets with this port at either end", SET(set_scope_port)},
	{"snapshot-length", 's', "BYTES", RECORDS | COMMAND_EXPORT, "keep this much of each frame", SET(set_snaplen)},
	{"buffer-size", 'B', "SIZE", RECORDS | COMMAND_EXPORT, "capture buffer in the kernel, such as 64M", SET(set_buffer)},
	{"promiscuous", 0, NULL, RECORDS | COMMAND_EXPORT, "see frames for other machines too", KEEP(promiscuous)},
	{"user", 'Z', "USER", COMMAND_CAPTURES, "become this user once everything is open", KEEP(user)},
	{"theme", 0, "NAME", COMMAND_LIVE, "colours of the screen: light, mono, ...; a wrong name lists them", KEEP(theme)},
	{"ascii", 0, NULL, COMMAND_LIVE, "draw with ASCII only, whatever the locale says", KEEP(ascii)},
	{"payload", 0, NULL, COMMAND_LIVE, "keep the newest frames whole, up to 64M, to look at their bytes from a ladder",
	 KEEP(payload)},
	{"no-mouse", 0, NULL, COMMAND_LIVE, "leave the mouse to the terminal", KEEP(no_mouse)},
	{"or-sample", 0, "FILE", COMMAND_LIVE, "open this capture when capturing is not permitted",
	 KEEP(sample)},
	{"help", 'h', NULL, COMMAND_ANY, "this help", KEEP(help)},
	{"version", 'V', NULL, COMMAND_ANY, "version and libraries", KEEP(version)},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

const struct option_row *option_rows(unsigned *count)
{
	*count = ROWS;
	return rows;
}

/* --- parsing ---------------------------------------------------------------------------------- */

struct getopt_tables {
	struct option longs[ROWS + 1];
	char shorts[2 * ROWS + 3];
};

/* "+" ends options at the first word, so that filters may hold words with dashes; ":" reports what lacks. */
static void getopt_build(struct getopt_tables *t, unsigned command_bit)
{
	unsigned n = 0, len = 0;

	memset(t, 0, sizeof(*t));
	if (command_bit != COMMAND_DIFF)
		t->shorts[len++] = '+';
	t->shorts[len++] = ':';
	for (int i = 0; i < ROWS; i++) {
		if (!(rows[i].commands & command_bit))
			continue;
		t->longs[n++] = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].argument ? required_argument : no_argument,
			.val = LONG_ONLY + i,
		};
		if (!rows[i].letter)
			continue;
		t->shorts[len++] = rows[i].letter;
		if (rows[i].argument)
			t->shorts[len++] = ':';
	}
}

static const struct option_row *row_of(int c)
{
	if (c >= LONG_ONLY)
		return &rows[c - LONG_ONLY];
	for (int i = 0; i < ROWS; i++)
		if (rows[i].letter == c)
			return &rows[i];
	return NULL;
}

static int join_words(char **out, char **words, struct err *e)
{
	struct buf b;

	if (!words[0])
		return 0;
	buf_init(&b, FILTER_TEXT_MAX);
	for (; *words; words++) {
		if (b.len)
			buf_putc(&b, ' ');
		buf_puts(&b, *words);
	}
	*out = b.failed ? NULL : strdup(buf_text(&b));
	buf_done(&b);
	return *out ? 0 : err_set(e, -EINVAL, "the filter expression is too long");
}

static int read_filter_file(struct settings *s, struct err *e)
{
	char text[FILTER_TEXT_MAX];
	FILE *f = fopen(s->filter_file, "re");
	size_t n;

	if (!f)
		return err_set(e, -EINVAL, "-F %s: %s", s->filter_file, strerror(errno));
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	if (n == sizeof(text))
		return err_set(e, -EINVAL, "-F %s: the filter expression is too long", s->filter_file);
	free(s->filter);
	s->filter = strndup(text, n);
	return s->filter ? 0 : err_set(e, -ENOMEM, "out of memory");
}

static int unknown_option(int c, char **argv, struct err *e)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		return err_set(e, -EINVAL, "%s needs an argument", word);
	if (optopt && optopt < LONG_ONLY)
		return err_set(e, -EINVAL, "there is no option -%c here", optopt);
	return err_set(e, -EINVAL, "there is no option %s here", word);
}

/* What follows -- is a command; getopt ate the -- unless words of a filter came before. */
static void split_command(struct settings *s, char **argv)
{
	char **word = argv + optind;

	if (strcmp(word[-1], "--") == 0) {
		s->command = *word ? word : NULL;
		optind = 0;
		return;
	}
	while (*word && strcmp(*word, "--") != 0)
		word++;
	if (!*word)
		return;
	s->command = word[1] ? word + 1 : NULL;
	*word = NULL;
}

static int two_files(struct settings *s, char **words, struct err *e)
{
	for (; s->file_count < 2 && words[s->file_count]; s->file_count++)
		s->files[s->file_count] = words[s->file_count];
	if (s->file_count < 2 || words[2])
		return err_set(e, -EINVAL, "give two captures: socklens diff BEFORE AFTER");
	return 0;
}

static int take(struct settings *s, const struct option_row *o, const char *arg, struct err *e)
{
	void *kept = (char *)s + o->keep;

	if (o->set)
		return o->set(s, arg, e);
	if (o->argument)
		*(const char **)kept = arg;
	else
		*(bool *)kept = true;
	return 0;
}

static int parse_options(struct settings *s, const struct getopt_tables *t, int argc, char **argv,
			 struct err *e)
{
	int c, status = 0;

	while (status == 0 && (c = getopt_long(argc, argv, t->shorts, t->longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			return unknown_option(c, argv, e);
		status = take(s, row_of(c), optarg, e);
	}
	return status;
}

/* Options may stand behind captures as well; the words of a filter or a command end both. */
static int parse_captures(struct settings *s, const struct getopt_tables *t, int argc, char **argv,
			  struct err *e)
{
	int n = 1;

	while (n > 0 && !s->interface && strcmp(argv[optind - 1], "--") != 0) {
		n = captures_take(s, argv + optind, e);
		if (n <= 0)
			return n;
		optind += n;
		n = parse_options(s, t, argc, argv, e) < 0 ? -EINVAL : n;
	}
	return n < 0 ? n : 0;
}

static int parse_rest(struct settings *s, char **argv, struct err *e)
{
	int status;

	split_command(s, argv);
	if (s->command && s->file_count)
		return err_set(e, -EINVAL, "-- %s: a command is followed live, not in a file",
			       s->command[0]);
	status = optind ? join_words(&s->filter, argv + optind, e) : 0;
	if (status == 0 && s->filter_file)
		status = read_filter_file(s, e);
	return status;
}

int options_parse(struct settings *s, unsigned command_bit, int argc, char **argv, struct err *e)
{
	struct getopt_tables t;
	int status;

	*s = (struct settings){.plan = PROBE_AUTO, .export = export_defaults()};
	getopt_build(&t, command_bit);
	optind = 1;
	opterr = 0;
	status = parse_options(s, &t, argc, argv, e);
	if (status < 0)
		return status;
	if (command_bit & (COMMAND_HELP | COMMAND_LIST | COMMAND_GENERATE)) {
		s->topic = argv[optind];
		return 0;
	}
	if (command_bit & COMMAND_DIFF)
		return two_files(s, argv + optind, e);
	if (command_bit & READS)
		status = parse_captures(s, &t, argc, argv, e);
	if (status == 0 && command_bit & COMMAND_CAPTURES)
		status = parse_rest(s, argv, e);
	return status;
}

void settings_done(struct settings *s)
{
	free(s->filter);
	s->filter = NULL;
}
