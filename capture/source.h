/* SPDX-License-Identifier: MIT
 *
 * Where frames come from: a live interface (libpcap), a capture file or standard input (own pcap
 * and pcapng reader). One struct, one set of operations; the engine knows nothing else.
 */
#ifndef SOCKLENS_CAPTURE_SOURCE_H
#define SOCKLENS_CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/loss.h"

enum frame_direction { FRAME_DIR_UNKNOWN, FRAME_DIR_IN, FRAME_DIR_OUT };

/*
 * Bytes as captured. Everything it points at is borrowed until the callback returns; of a file until it is
 * read again.
 */
struct frame {
	const uint8_t *data;
	int64_t time_ns;     /* wall clock, since 1970; 0 when the file has none */
	uint32_t caplen;     /* bytes in data */
	uint32_t wirelen;    /* bytes on the wire */
	uint16_t linktype;   /* LINKTYPE_ of the pcap registry */
	uint16_t interface;  /* index for source_interface() */
	uint8_t direction;   /* enum frame_direction */
	const char *comment; /* pcapng comment, raw bytes; NULL when none */
	uint32_t comment_len;
};

struct source_interface {
	const char *name; /* raw bytes of a file are possible: vis() before showing */
	uint16_t linktype;
	uint32_t snaplen; /* 0 = unlimited */
};

struct source_stats {
	uint64_t frames; /* handed out */
	uint64_t bytes;	 /* of the file, read so far; 0 when live */
	uint64_t size;	 /* of the file; 0 when unknown */
};

struct source;

/* n frames, in order: files give up to SOURCE_BATCH at once, so that flows can be prefetched. */
enum { SOURCE_BATCH = 64 };
typedef void (*frames_fn)(void *ctx, const struct frame *frames, unsigned n);

/* What a recording of ours holds between frames (flow/recording.h); borrowed until it returns. */
typedef void (*note_fn)(void *ctx, const uint8_t *data, size_t n);

struct source_live_options {
	const char *interface; /* name or "any" */
	const char *filter;    /* libpcap expression; NULL = everything */
	uint32_t snaplen;      /* 0 = SOURCE_SNAPLEN_DEFAULT */
	uint32_t buffer_bytes; /* 0 = SOURCE_BUFFER_DEFAULT */
	bool promiscuous;
};
enum { SOURCE_SNAPLEN_DEFAULT = 262144, SOURCE_BUFFER_DEFAULT = 64 << 20 };

/*
 * Open. On success *out is owned by the caller; on failure a negative errno, *out untouched, and
 * *e says what, where and what to do (-EPERM: no privilege; -ENODEV: no such interface; -EINVAL: a
 * wrong filter; -ENOENT, -EACCES, -EISDIR: the file). No byte of a file is parsed yet.
 */
int source_open_live(struct source **out, const struct source_live_options *o, struct err *e);
/* path "-" is standard input. `filter` as above, compiled once a link type. */
int source_open_file(struct source **out, const char *path, const char *filter, struct err *e);
void source_free(struct source *s); /* accepts NULL */

/*
 * The same file from its beginning, for who has read this one to its end and reads it no more: both share
 * one descriptor. -ENOTSUP for what cannot be read twice: live traffic, a pipe.
 */
int source_again(struct source **out, const struct source *s, struct err *e);

/*
 * Look at what a file begins with, once privileges are dropped: 0, or with the reason in *e
 * -EBADMSG (not a capture) or -EINVAL (a wrong filter). The first source_read does the same; this
 * is for saying so before anything else starts.
 */
int source_start(struct source *s, struct err *e);

/*
 * Hand out up to `budget` frames. Returns their number; 0 when none is there now (live; a pipe,
 * after 100 ms; a filter that passed none of many); -ENODATA at the end of a file; -EBADMSG when
 * the rest cannot be read (*e says at which byte; all before it has been handed out); another
 * negative errno when the source failed for good. `budget` frames at once mean that more may be
 * there: read again before waiting on source_fd.
 */
int source_read(struct source *s, unsigned budget, frames_fn fn, void *ctx, struct err *e);

/*
 * Notes are handed out in their place among the frames: before all those that the same source_read
 * hands out. Without `fn` they are passed over.
 */
void source_on_note(struct source *s, note_fn fn, void *ctx);

int source_fd(const struct source *s); /* to wait on; -1 when always readable */
bool source_is_live(const struct source *s);
const char *source_name(const struct source *s); /* interface or path */
/* NULL when there is no such interface; borrowed until the next source_read. */
const struct source_interface *source_interface(const struct source *s, uint16_t index);
void source_stats(const struct source *s, struct source_stats *out);
/* Adds what this source lost so far (kernel, interface, damaged) since it was opened. */
void source_loss(struct source *s, struct loss *out);

#endif
