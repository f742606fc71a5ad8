/* SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vis.h"
#include "capture/pcapng_writer.h"
#include "cli/message.h"
#include "flow/kept_frames.h"
#include "flow/rows/end_text.h"
#include "report/alert.h"
#include "report/quote.h"
#include "report/record.h"

enum { LINKTYPES_MAX = 16, LINE_MAX_BYTES = 1 << 20 };
#define EVERY_NS INT64_C(1000000000)

struct watch {
	const struct settings *settings;
	struct alerts *alerts;
	struct engine *engine;	      /* borrowed; NULL = not yet */
	struct pcapng_writer *writer; /* with --do record, as frames; NULL otherwise */
	struct kept_frames *frames;
	int linktypes[LINKTYPES_MAX];	 /* of the recording's interfaces; -1 = not described yet */
	const struct flow_row *recorded; /* while its frames are written */
	int64_t looked_ns;
	int status; /* of the recording */
};

/* --- what is said ----------------------------------------------------------------------------- */

static void say(const char *when, const struct flow_row *row)
{
	char src[END_TEXT_MAX], dst[END_TEXT_MAX];
	const char *proto = proto_name(row->proto);

	end_text(src, &row->src, '/');
	end_text(dst, &row->dst, '/');
	message("alert: %s: %s > %s %s %s%s%s", when, src, dst, proto ? proto : "ip", row->state,
		*row->problem ? ", " : "", row->problem);
}

static void say_json(const char *when, const struct flow_row *row)
{
	char safe[VIS_MAX(512)];
	struct buf line;

	vis_str(safe, sizeof(safe), when, 512);
	buf_init(&line, LINE_MAX_BYTES);
	buf_puts(&line, "{\"type\":\"alert\",\"when\":");
	quote_json(&line, safe, strlen(safe));
	buf_puts(&line, ",\"flow\":");
	record_flow(&line, row);
	buf_puts(&line, "}\n");
	fputs(buf_text(&line), stderr);
	buf_done(&line);
}

/* --- what is recorded ------------------------------------------------------------------------- */

/* The recording's interface of a link type, or a negative errno. */
static int interface_of(struct watch *w, uint16_t linktype)
{
	const struct source_interface i = {.name = "alerts", .linktype = linktype};

	for (int n = 0; n < LINKTYPES_MAX; n++) {
		if (w->linktypes[n] == linktype)
			return n;
		if (w->linktypes[n] < 0) {
			w->linktypes[n] = linktype;
			return pcapng_writer_interface(w->writer, &i);
		}
	}
	return -ENOSPC;
}

/* Whoever sent it stands in its comment, as recordings have it (flow/recorded.h). */
static void record_frame(void *ctx, const struct frame *f, bool by_originator)
{
	struct watch *w = ctx;
	const struct process_row *p =
		by_originator ? &w->recorded->src.process : &w->recorded->dst.process;
	char comment[ROW_NAME_MAX + 40];
	struct pcapng_notes notes = {0};
	struct frame out = *f;
	int interface = interface_of(w, f->linktype);

	if (p->pid != ROW_ABSENT) {
		snprintf(comment, sizeof(comment), "pid=%lld comm=%s", (long long)p->pid, p->name);
		notes = (struct pcapng_notes){.comment = comment, .pid = (uint32_t)p->pid};
		out.direction = FRAME_DIR_OUT;
	}
	if (interface >= 0)
		interface = pcapng_writer_frame(w->writer, (unsigned)interface, &out, &notes);
	if (interface < 0 && !w->status)
		w->status = interface;
}

static void record(struct watch *w, const char *when, const struct flow_row *row)
{
	unsigned n;

	w->recorded = row;
	n = kept_frames_take(w->frames, row, record_frame, w);
	if (!n) {
		say(when, row);
		message("alert: none of its frames are kept any more: nothing is recorded");
	} else if (pcapng_writer_flush(w->writer) < 0 && !w->status) {
		w->status = -EIO;
	}
}

static void on_alert(void *ctx, unsigned rule, const struct flow_row *row)
{
	struct watch *w = ctx;
	const struct watch_rule *r = &w->settings->rules[rule];

	switch (r->what) {
	case WATCH_PRINT: say(r->when, row); break;
	case WATCH_JSON: say_json(r->when, row); break;
	case WATCH_RECORD: record(w, r->when, row); break;
	}
}

/* --- life ------------------------------------------------------------------------------------- */

static bool records(const struct settings *s)
{
	for (unsigned i = 0; i < s->rule_count; i++)
		if (s->rules[i].what == WATCH_RECORD)
			return true;
	return false;
}

static int open_recording(struct watch *w, const struct settings *s, struct err *e)
{
	int fd, status;

	if (!s->record_to)
		return err_set(e, -EINVAL, "--do record: say where with --record-to FILE");
	if (s->jobs)
		return err_set(e, -EINVAL,
			       "--do record: --jobs keeps no frames; leave one of them out");
	w->frames = kept_frames_new(KEPT_BYTES);
	if (!w->frames)
		return err_set(e, -ENOMEM, "out of memory");
	fd = open(s->record_to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, -errno, "cannot record to %s: %s", s->record_to, strerror(errno));
	status = pcapng_writer_new(&w->writer, fd, "socklens");
	if (status == 0)
		return 0;
	close(fd);
	return err_set(e, status, "cannot record to %s: %s", s->record_to, strerror(-status));
}

static int add_rules(struct watch *w, const struct settings *s, struct err *e)
{
	struct err why;
	int status = 0;

	for (unsigned i = 0; i < s->rule_count && status == 0; i++) {
		status = alerts_add(w->alerts, s->rules[i].when, &why);
		if (status < 0)
			err_set(e, status, "--when: %s", why.text);
	}
	return status ? status : records(s) ? open_recording(w, s, e) : 0;
}

int watch_new(struct watch **out, const struct settings *s, struct err *e)
{
	struct watch *w;
	int status;

	*out = NULL;
	if (!s->rule_count)
		return 0;
	w = calloc(1, sizeof(*w));
	if (!w)
		return err_set(e, -ENOMEM, "out of memory");
	w->settings = s;
	memset(w->linktypes, -1, sizeof(w->linktypes));
	w->alerts = alerts_new(on_alert, w);
	status = w->alerts ? add_rules(w, s, e) : err_set(e, -ENOMEM, "out of memory");
	if (status < 0)
		watch_free(w);
	else
		*out = w;
	return status;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	alerts_free(w->alerts);
	pcapng_writer_free(w->writer, NULL);
	kept_frames_free(w->frames);
	free(w);
}

/* --- when ------------------------------------------------------------------------------------- */

static void on_time(void *ctx, int64_t now_ns)
{
	struct watch *w = ctx;

	if (now_ns >= w->looked_ns && now_ns - w->looked_ns < EVERY_NS)
		return;
	w->looked_ns = now_ns;
	engine_each_flow(w->engine, watch_flow, w);
}

void watch_engine(struct watch *w, struct engine *en)
{
	if (!w)
		return;
	w->engine = en;
	engine_on_time(en, on_time, w);
	if (w->frames)
		engine_on_frames(en, kept_frames_add, w->frames);
}

void watch_flow(void *watch, const struct flow_row *row)
{
	struct watch *w = watch;

	if (w)
		alerts_row(w->alerts, row);
}

int watch_end(struct watch *w, struct err *e)
{
	for (unsigned i = 0; w && i < w->settings->rule_count; i++) {
		struct alert_counts c = alerts_counts(w->alerts, i);

		if (c.suppressed)
			message("alert: %s: %llu told, %llu more were too many at once",
				w->settings->rules[i].when, (unsigned long long)c.fired,
				(unsigned long long)c.suppressed);
	}
	if (w && w->status)
		return err_set(e, w->status, "cannot record to %s: %s", w->settings->record_to,
			       strerror(-w->status));
	return 0;
}
