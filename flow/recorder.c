/* SPDX-License-Identifier: MIT */
#include "flow/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vis.h"
#include "bpf/replay.h"
#include "capture/pcapng_writer.h"
#include "flow/engine_private.h"
#include "flow/record_comment.h"
#include "flow/record_sockets.h"

enum {
	EVENTS_AT_ONCE = 512, /* a note of 90 kB */
	HOST_TEXT_MAX = 64 << 10,
};

struct recorder {
	struct recorder_options options;
	struct pcapng_writer *writer; /* NULL once it has failed */
	struct record_row row;
	uint64_t bytes_before;		   /* in earlier files */
	bool begun;			   /* the present file has its first notes, */
	uint64_t begun_bytes;		   /* of so many bytes */
	int interface[ENGINE_SOURCES_MAX]; /* in the present file; -1 = not described yet */
	struct record_known known;	   /* whose long comment was written */
	struct sock_event events[EVENTS_AT_ONCE];
	unsigned event_count;
};

/* --- files ------------------------------------------------------------------------------------ */

static void fail(struct recorder *r, const char *why)
{
	struct err e;

	pcapng_writer_free(r->writer, &e);
	r->writer = NULL;
	r->row.on = false;
	if (!*r->row.error)
		vis_str(r->row.error, sizeof(r->row.error), why, sizeof(r->row.error) / 4);
}

static int open_file(struct recorder *r, struct err *e)
{
	char path[RECORD_PATH_MAX] = "";
	int fd = r->options.open(r->options.ctx, r->row.files, path, e), status;

	if (fd < 0)
		return fd;
	status = pcapng_writer_new(&r->writer, fd, r->options.application);
	if (status < 0) {
		close(fd);
		return err_set(e, status, "out of memory for the recording");
	}
	vis_str(r->row.path, sizeof(r->row.path), path, sizeof(path));
	r->row.files++;
	r->row.on = true;
	r->begun = false;
	memset(r->interface, -1, sizeof(r->interface));
	record_known_clear(&r->known);
	return 0;
}

int recorder_new(struct recorder **out, const struct recorder_options *o, struct err *e)
{
	struct recorder *r = calloc(1, sizeof(*r));
	int status;

	if (!r)
		return err_set(e, -ENOMEM, "out of memory for the recording");
	r->options = *o;
	status = open_file(r, e);
	if (status < 0)
		free(r);
	else
		*out = r;
	return status;
}

/* --- notes ------------------------------------------------------------------------------------ */

static void check(struct recorder *r, int status)
{
	if (status < 0 && r->writer)
		fail(r, strerror(-status));
}

static void put_events(struct recorder *r)
{
	uint8_t head[REPLAY_HEADER_BYTES];

	if (!r->event_count || !r->writer)
		return;
	replay_head(head, 0); /* their times are wall-clock already */
	check(r, pcapng_writer_note(r->writer, head, sizeof(head), r->events,
				    r->event_count * sizeof(r->events[0])));
	r->event_count = 0;
}

static void add_event(void *ctx, const struct sock_event *ev)
{
	struct recorder *r = ctx;

	r->events[r->event_count++] = *ev;
	if (r->event_count == EVENTS_AT_ONCE)
		put_events(r);
}

static void put_host(struct recorder *r, struct engine *en)
{
	struct buf b;

	buf_init(&b, HOST_TEXT_MAX);
	record_host(&b, en);
	if (r->writer)
		check(r, pcapng_writer_note(r->writer, RECORD_HOST_MAGIC,
					    sizeof(RECORD_HOST_MAGIC) - 1, buf_text(&b), b.len));
	buf_done(&b);
}

/* The number that a source has in the present file; live ones have one interface each. */
static int describe(struct recorder *r, const struct engine *en, unsigned source)
{
	const struct source_interface *i = source_interface(en->sources[source], 0);

	if (r->interface[source] >= 0)
		return r->interface[source];
	if (!i)
		return -EINVAL;
	r->interface[source] = pcapng_writer_interface(r->writer, i);
	return r->interface[source];
}

/* Interfaces come first: some programs look no further to know what kind of file it is. */
static void begin_file(struct recorder *r, struct engine *en)
{
	r->begun = true;
	for (unsigned i = 0; r->writer && i < en->source_count; i++)
		check(r, describe(r, en, i));
	if (en->probe && r->writer) { /* else nobody tells of sockets */
		put_host(r, en);
		record_sockets(correlator_sockets(en->correlator), add_event, r);
		put_events(r);
	}
	r->begun_bytes = r->writer ? pcapng_writer_bytes(r->writer) : 0;
}

/* --- the end of a file ------------------------------------------------------------------------ */

/* What the sources have lost, as a capture program would write it. */
static void put_statistics(struct recorder *r, struct engine *en)
{
	for (unsigned i = 0; r->writer && i < en->source_count; i++) {
		struct loss lost = {0};
		struct pcapng_statistics st = {
			.start_ns = en->counts.first_ns,
			.end_ns = en->counts.last_ns,
			.received = UINT64_MAX,
			.delivered = UINT64_MAX,
		};

		if (r->interface[i] < 0)
			continue;
		source_loss(en->sources[i], &lost);
		st.dropped = lost.count[LOSS_INTERFACE];
		st.os_dropped = lost.count[LOSS_KERNEL];
		check(r, pcapng_writer_statistics(r->writer, (unsigned)r->interface[i], &st));
	}
}

static void close_file(struct recorder *r, struct engine *en)
{
	struct err e = {""};
	int status;

	put_events(r);
	put_statistics(r, en);
	if (!r->writer)
		return;
	r->bytes_before += pcapng_writer_bytes(r->writer);
	status = pcapng_writer_free(r->writer, &e);
	r->writer = NULL;
	if (status < 0)
		fail(r, e.text);
}

/* The new file has what the old one had at this moment: all that is known. */
static void next_file(struct recorder *r, struct engine *en)
{
	struct err e = {""};

	close_file(r, en);
	if (!*r->row.error && open_file(r, &e) < 0)
		fail(r, e.text);
}

void recorder_free(struct recorder *r, struct engine *en, struct record_row *row)
{
	if (!r)
		return;
	close_file(r, en);
	recorder_row(r, row);
	row->on = false;
	if (r->options.done)
		r->options.done(r->options.ctx);
	free(r);
}

/* --- frames and events ------------------------------------------------------------------------ */

static void put_frame(struct recorder *r, struct engine *en, unsigned source,
		      const struct frame *frame, const struct packet *p)
{
	struct frame f = *frame;
	struct record_comment c;
	struct pcapng_notes notes;
	int status = describe(r, en, source);

	if (status >= 0) {
		record_comment(&c, &r->known, en, p);
		f.direction = c.direction;
		notes = (struct pcapng_notes){*c.text ? c.text : NULL, c.pid, c.tid};
		status = pcapng_writer_frame(r->writer, (unsigned)status, &f, &notes);
	}
	if (status < 0) {
		r->row.lost++;
		check(r, status);
	} else {
		r->row.frames++;
	}
}

static bool is_full(const struct recorder *r)
{
	return r->writer && r->begun && r->options.file_bytes &&
	       pcapng_writer_bytes(r->writer) - r->begun_bytes >= r->options.file_bytes;
}

void recorder_frames(struct recorder *r, struct engine *en, unsigned source,
		     const struct frame *frames, const struct packet *packets, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (is_full(r))
			next_file(r, en);
		if (r->writer && !r->begun)
			begin_file(r, en);
		put_events(r);
		if (r->writer)
			put_frame(r, en, source, &frames[i], &packets[i]);
		else
			r->row.lost++;
	}
}

void recorder_event(struct recorder *r, struct engine *en, const struct sock_event *ev)
{
	if (!r->begun && r->writer) {
		begin_file(r, en); /* this one is in the table already */
		return;
	}
	if (r->writer)
		add_event(r, ev);
}

void recorder_flush(struct recorder *r)
{
	put_events(r);
	if (r->writer)
		check(r, pcapng_writer_flush(r->writer));
}

void recorder_row(const struct recorder *r, struct record_row *out)
{
	*out = r->row;
	out->bytes = r->bytes_before + (r->writer ? pcapng_writer_bytes(r->writer) : 0);
}
