/* SPDX-License-Identifier: MIT
 *
 * What is captured goes into a file that any Wireshark opens, and that we read again as it was:
 * frames with whose they are in their comments (flow/recorded.h has the grammar), and between them,
 * in the order in which they came, the socket events, in blocks that other programs pass over:
 *
 *   "SOCKHOST\n" ...   at the start of a file, about this machine: lines "netns=NUMBER",
 *                      "probe=TEXT", "addr=ADDRESS"
 *   "SOCKEVT\n" ...    socket events (bpf/replay.h)
 *
 * A file begins with all sockets that are known by then, so that it stands by itself.
 */
#ifndef SOCKLENS_FLOW_RECORDER_H
#define SOCKLENS_FLOW_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/sock_event.h"
#include "capture/source.h"
#include "decode/packet.h"

struct engine;
struct recorder;

enum { RECORD_PATH_MAX = 256 };

#define RECORD_HOST_MAGIC  "SOCKHOST\n"
#define RECORD_EVENT_MAGIC "SOCKEVT\n"

struct recorder_options {
	const char *application; /* that writes it; borrowed */
	uint64_t file_bytes;	 /* another file is begun after so many beside what is
				    known at its start; 0 = never */
	/*
	 * Open the n-th file, from 0: a descriptor and its name, or a negative errno with the
	 * reason in *e. From whichever thread the recorder runs in.
	 */
	int (*open)(void *ctx, unsigned n, char path[RECORD_PATH_MAX], struct err *e);
	void (*done)(void *ctx); /* at the end; may be NULL */
	void *ctx;
};

/* How it goes: for the screen and for messages. */
struct record_row {
	bool on;
	unsigned files;
	uint64_t frames, bytes;
	uint64_t lost;		    /* frames that could not be written */
	char path[RECORD_PATH_MAX]; /* printable; of the file that is written; "" = never recorded
				     */
	char error[200];	    /* printable; why it has ended, "" = as was wished */
};

/* Opens the first file. 0 or a negative errno with the reason in *e; the options' ctx is then not
 * done. */
int recorder_new(struct recorder **out, const struct recorder_options *o, struct err *e);
/* Write what is left, close, tell the losses of the sources. `row` is set to how it went. */
void recorder_free(struct recorder *r, struct engine *en, struct record_row *row);

/* From source number `source` of the engine, whose flows have taken the packets in already. */
void recorder_frames(struct recorder *r, struct engine *en, unsigned source,
		     const struct frame *frames, const struct packet *packets, unsigned n);
/* Its time wall-clock. */
void recorder_event(struct recorder *r, struct engine *en, const struct sock_event *ev);
/* Now and then: nothing stays in memory for long. */
void recorder_flush(struct recorder *r);
void recorder_row(const struct recorder *r, struct record_row *out);

#endif
