/* SPDX-License-Identifier: MIT */
#include "report/job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "flow/rows/group.h"
#include "report/interval.h"
#include "report/sheet.h"
#include "report/top.h"

enum { PART = 64 }; /* rows of the rest at once */

struct job {
	struct job_options options;
	const struct exporter *exporter;
	struct filter *filter; /* owned, as all that follow; NULL = not asked for */
	struct groups *groups;
	struct intervals *intervals;
	struct top *top;
	struct filter_number by; /* of groups */
	struct sheet sheet;	 /* used when it has fields */
	unsigned written;	 /* of the rest */
	int64_t shown;		 /* rows that passed the filter */
	uint64_t dropped;	 /* rows for which memory was short */
	bool opened;		 /* the exporter has a state */
};

static bool is_sheet(const struct job *j)
{
	return j->sheet.count > 0;
}

/* --- from options ----------------------------------------------------------------------------- */

static int choose_exporter(struct job *j, struct err *e)
{
	const char *name = j->options.format ? j->options.format : "text";
	char names[256] = "", *w = names;
	const struct exporter *all;
	unsigned count;

	j->exporter = exporter_find(name);
	if (j->exporter)
		return 0;
	all = exporters(&count);
	for (unsigned i = 0; i < count; i++)
		w = stpcpy(stpcpy(w, " "), all[i].name);
	return err_set(e, -EINVAL, "--format %s: there are%s", name, names);
}

static int choose_sheet(struct job *j, const char *record, const char *why, struct err *e)
{
	j->sheet.record = record;
	j->sheet.format = sheet_format_find(j->exporter->name);
	if (j->sheet.format)
		return 0;
	return err_set(e, -EINVAL, "--format %s has fixed fields: with %s there are %s",
		       j->exporter->name, why, sheet_format_names());
}

static int add_field(struct job *j, const struct filter_table *table, const char *name,
		     struct err *e)
{
	if (j->sheet.count == SHEET_FIELDS_MAX)
		return err_set(e, -EINVAL, "--fields: at most %d", SHEET_FIELDS_MAX);
	j->sheet.fields[j->sheet.count] = table->find(name);
	if (j->sheet.fields[j->sheet.count++])
		return 0;
	return err_set(e, -EINVAL, "--fields %s: there is no such field%s", name,
		       table == &group_table ? " of groups" : "; see socklens list fields");
}

static int choose_fields(struct job *j, const struct filter_table *table, struct err *e)
{
	char *names = strdup(j->options.fields), *rest = names;
	int status = names ? 0 : err_set(e, -ENOMEM, "out of memory");

	for (const char *name; status == 0 && (name = strsep(&rest, ","));)
		status = add_field(j, table, name, e);
	free(names);
	return status;
}

/* What a table of groups shows unless told otherwise. */
static int choose_group_fields(struct job *j, struct err *e)
{
	static const char *const usual[] = {
		"key",	      "flows",		"failed",	   "packets", "bytes",
		"sent_bytes", "received_bytes", "retransmissions", "rtt_avg", "rtt_max"};
	int status = 0;

	if (j->options.fields)
		return choose_fields(j, &group_table, e);
	if (j->options.intervals)
		status = add_field(j, &group_table, "start", e);
	for (size_t i = 0; status == 0 && i < sizeof(usual) / sizeof(usual[0]); i++)
		if (i || j->options.group_by) /* without groups there are no keys */
			status = add_field(j, &group_table, usual[i], e);
	return status;
}

static int choose_by(struct filter_number *by, const struct filter_table *table, const char *name,
		     struct err *e)
{
	if (filter_number_find(by, table, name ? name : "bytes"))
		return 0;
	return err_set(e, -EINVAL, "--by %s: give a field that is a number, such as bytes or rtt",
		       name);
}

static int open_groups(struct job *j, struct err *e)
{
	const char *why = j->options.group_by ? "--group-by" : "--interval";
	struct err reason = {""};
	int status = groups_new(&j->groups, j->options.group_by, hash_random_seed(), &reason);

	if (status < 0)
		return err_set(e, status, "--group-by %s: %s", j->options.group_by, reason.text);
	if (j->options.intervals) {
		j->intervals = intervals_new();
		if (!j->intervals)
			return err_set(e, -ENOMEM, "out of memory");
	}
	status = choose_sheet(j, j->options.intervals ? "interval" : "group", why, e);
	if (status == 0)
		status = choose_group_fields(j, e);
	return status ? status : choose_by(&j->by, &group_table, j->options.by, e);
}

static int open_flows(struct job *j, struct err *e)
{
	struct filter_number by;
	int status = 0;

	if (j->options.fields) {
		status = choose_sheet(j, "flow", "--fields", e);
		if (status == 0)
			status = choose_fields(j, &flow_filter_table, e);
	}
	if (status < 0 || (!j->options.top && !j->options.by))
		return status;
	status = choose_by(&by, &flow_filter_table, j->options.by, e);
	if (status < 0)
		return status;
	j->top = top_new(j->options.top ? j->options.top : TOP_MAX, &by);
	return j->top ? 0 : err_set(e, -ENOMEM, "out of memory");
}

static int job_open(struct job *j, struct err *e)
{
	int status = choose_exporter(j, e);

	if (status == 0 && j->options.top > TOP_MAX)
		return err_set(e, -EINVAL, "--top: at most %d", TOP_MAX);
	if (status == 0 && j->options.filter)
		status = filter_compile(&j->filter, &flow_filter_table, j->options.filter, NULL, e);
	if (status < 0)
		return status;
	status = j->options.group_by || j->options.intervals ? open_groups(j, e) : open_flows(j, e);
	if (status == 0 && j->exporter->open && !is_sheet(j)) {
		status = j->exporter->open(&j->options.exporter, e);
		j->opened = status == 0;
	}
	return status;
}

int job_new(struct job **out, const struct job_options *o, struct err *e)
{
	struct job *j = calloc(1, sizeof(*j));
	int status;

	if (!j)
		return err_set(e, -ENOMEM, "out of memory");
	j->options = *o;
	status = job_open(j, e);
	if (status < 0)
		job_free(j);
	else
		*out = j;
	return status;
}

void job_free(struct job *j)
{
	if (!j)
		return;
	if (j->opened)
		j->exporter->close(&j->options.exporter, NULL);
	filter_free(j->filter);
	groups_free(j->groups);
	intervals_free(j->intervals);
	top_free(j->top);
	free(j);
}

/* --- rows ------------------------------------------------------------------------------------- */

void job_begin(struct job *j, struct buf *out)
{
	if (is_sheet(j))
		sheet_begin(out, &j->options.exporter, &j->sheet);
	else
		j->exporter->begin(out, &j->options.exporter);
}

static void put_row(struct job *j, struct buf *out, const struct flow_row *row)
{
	if (is_sheet(j))
		sheet_row(out, &j->options.exporter, &j->sheet, row);
	else
		j->exporter->flow(out, &j->options.exporter, row);
}

static bool wanted(const struct job *j, const struct flow_row *row)
{
	return !j->filter || filter_holds(j->filter, row);
}

/* Of a flow that was counted before only what came since; nothing when that is no packet. */
static void add_to_groups(struct job *j, const struct flow_row *row)
{
	const struct amounts *before = j->intervals ? intervals_before(j->intervals, row) : NULL;
	struct amounts now = amounts_of(row);

	if (before && before->packets[0] == now.packets[0] && before->packets[1] == now.packets[1])
		return;
	j->dropped += !groups_add(j->groups, row, before);
}

void job_flow(struct job *j, struct buf *out, const struct flow_row *row)
{
	if (!wanted(j, row))
		return;
	j->shown++;
	if (j->groups)
		add_to_groups(j, row);
	else if (j->top)
		j->dropped += !top_add(j->top, row);
	else
		put_row(j, out, row);
}

void job_tick(struct job *j)
{
	if (j->opened && j->exporter->tick)
		j->exporter->tick(&j->options.exporter);
}

bool job_own_file(const struct job *j)
{
	return j->exporter->own_file;
}

bool job_wants_frames(const struct job *j)
{
	return j->exporter->wants_frames && !is_sheet(j);
}

void job_set_frames(struct job *j, struct flow_frames *(*frames)(void *ctx, uint64_t id), void *ctx)
{
	j->options.exporter.frames = frames;
	j->options.exporter.frames_ctx = ctx;
}

bool job_wants_sockets(const struct job *j)
{
	return j->exporter->socket && !j->filter && !j->groups && !j->top && !is_sheet(j);
}

void job_socket(struct job *j, struct buf *out, const struct socket_row *row)
{
	j->exporter->socket(out, &j->options.exporter, row);
}

/* --- slices ----------------------------------------------------------------------------------- */

void job_live(struct job *j, const struct flow_row *row)
{
	if (wanted(j, row))
		add_to_groups(j, row);
	j->dropped += !intervals_keep(j->intervals, row);
}

static bool put_group(struct job *j, struct buf *out, unsigned i)
{
	const struct group_row *row = NULL;

	if (!j->options.top || i < j->options.top)
		row = groups_get(j->groups, &j->by, i);
	if (row)
		sheet_row(out, &j->options.exporter, &j->sheet, row);
	return row;
}

void job_slice(struct job *j, struct buf *out, int64_t start_ns)
{
	groups_set_start(j->groups, start_ns);
	for (unsigned i = 0; put_group(j, out, i);)
		i++;
	groups_clear(j->groups);
	intervals_turn(j->intervals);
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool put_top(struct job *j, struct buf *out, unsigned i)
{
	const struct flow_row *row = top_get(j->top, i);

	if (row)
		put_row(j, out, row);
	return row;
}

bool job_rest(struct job *j, struct buf *out)
{
	if (j->intervals || (!j->groups && !j->top))
		return false;
	for (unsigned n = 0; n < PART; n++, j->written++)
		if (!(j->groups ? put_group(j, out, j->written) : put_top(j, out, j->written)))
			return false;
	return true;
}

void job_end(struct job *j, struct buf *out, struct summary_row *sum)
{
	if (j->filter)
		sum->hidden = sum->flows - j->shown;
	if (is_sheet(j))
		sheet_end(out, &j->options.exporter, &j->sheet, sum);
	else
		j->exporter->end(out, &j->options.exporter, sum);
}

int job_status(struct job *j, struct err *e)
{
	int status = 0;

	if (j->opened) {
		j->opened = false;
		status = j->exporter->close(&j->options.exporter, e);
	}
	if (status < 0)
		return status;
	if (j->dropped)
		return err_set(e, -ENOMEM, "out of memory: %llu flows are missing from the report",
			       (unsigned long long)j->dropped);
	if (j->filter && filter_gave_up(j->filter))
		return err_set(e, -ETIME,
			       "--filter: %llu texts took too long for their regular expression",
			       (unsigned long long)filter_gave_up(j->filter));
	return 0;
}
