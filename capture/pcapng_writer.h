/* SPDX-License-Identifier: MIT
 *
 * Recordings: a pcapng file that any Wireshark opens, whose packets can carry a comment and the
 * process and thread that they belong to.
 *
 * Blocks are gathered in memory and written whole, so that a file cut by a crash reads up to its
 * last block. The first failure sticks: every later call returns it.
 */
#ifndef SOCKLENS_CAPTURE_PCAPNG_WRITER_H
#define SOCKLENS_CAPTURE_PCAPNG_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/source.h"

struct pcapng_writer;

/* What we know of a packet beside the frame itself. */
struct pcapng_notes {
	const char *comment; /* printable UTF-8 (vis), NULL = none; Wireshark shows it raw */
	uint32_t pid, tid;   /* owner of the socket; pid 0 = unknown */
};

/* Of one interface, from start to end. UINT64_MAX = unknown, left out. */
struct pcapng_statistics {
	int64_t start_ns, end_ns;
	uint64_t received;	      /* by the interface */
	uint64_t dropped, os_dropped; /* by the interface; by the system for lack of buffers */
	uint64_t delivered;	      /* to us */
};

/*
 * Begin a file on fd, which is owned on success; `application` names the writer in it. 0, or a
 * negative errno.
 */
int pcapng_writer_new(struct pcapng_writer **out, int fd, const char *application);

/*
 * Write what is left and close. 0, or the first failure; NULL accepted. The writer is gone either
 * way.
 */
int pcapng_writer_free(struct pcapng_writer *w, struct err *e);

/* Describe an interface; its number (from 0, in order), or a negative errno. */
int pcapng_writer_interface(struct pcapng_writer *w, const struct source_interface *i);

/*
 * One frame of interface number `interface`, with its direction and its own comment if it has one;
 * notes may be NULL. 0 or a negative errno.
 */
int pcapng_writer_frame(struct pcapng_writer *w, unsigned interface, const struct frame *f,
			const struct pcapng_notes *notes);

/*
 * Something of our own between frames, in two parts, at most PCAPNG_NOTE_MAX bytes together: a block
 * for local use that other programs pass over without counting a frame. 0 or a negative errno.
 */
int pcapng_writer_note(struct pcapng_writer *w, const void *head, size_t head_len,
		       const void *data, size_t len);
enum { PCAPNG_NOTE_MAX = 512 << 10 };

int pcapng_writer_statistics(struct pcapng_writer *w, unsigned interface,
			     const struct pcapng_statistics *s);

/* Hand everything to the kernel now. 0 or a negative errno. */
int pcapng_writer_flush(struct pcapng_writer *w);

uint64_t pcapng_writer_bytes(const struct pcapng_writer *w); /* in the file, flushed or not */

#endif
