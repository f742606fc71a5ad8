/* SPDX-License-Identifier: MIT
 *
 * Private to this room: a capture file format, as a pure parser (bytes in, frames out; no I/O).
 *
 * The parser is given the bytes at hand and takes whole records off their front. The same call on
 * the same bytes gives the same answer, so damage needs no state: it is found again.
 */
#ifndef SOCKLENS_CAPTURE_FORMAT_H
#define SOCKLENS_CAPTURE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "capture/source.h"

/* No frame of any link type comes near; a larger length is damage. */
enum { FORMAT_CAPLEN_MAX = 128 << 20 };

enum format_status {
	FORMAT_OK,	/* as many frames as asked for */
	FORMAT_SHORT,	/* the next record needs `bytes` at hand */
	FORMAT_SKIP,	/* the next `bytes` hold nothing of use */
	FORMAT_DAMAGED, /* `why` tells what is wrong with the next record */
	FORMAT_FAILED,	/* out of memory */
};

struct format_step {
	enum format_status status;
	unsigned frames; /* written, whatever the status */
	uint64_t bytes;
	const uint8_t *note; /* FORMAT_OK without frames: this stands before the next one; or NULL */
	size_t note_len;
	bool at_note; /* the next thing is one */
	char why[120];
};

/* An interface of the file, and how its time stamps are read. */
struct format_interface {
	struct source_interface pub; /* name is owned */
	int64_t offset_s;	     /* if_tsoffset */
	uint64_t ns_per_tick;	     /* of the usual resolutions without an offset ... */
	int64_t ticks_max;	     /* ... up to here; -1 = every time goes the slow way */
	uint8_t resolution;	     /* if_tsresol */
	uint64_t os_drops, if_drops; /* from statistics blocks */
	uint64_t packet_drops;	     /* sum of what packets say was lost before them */
};

struct format;

struct format_ops {
	const char *name;
	/* Whole records from c to out[0..max); max 0 reads what comes before the first frame. */
	void (*parse)(struct format *f, struct cursor *c, struct frame *out, unsigned max,
		      struct format_step *step);
};

struct format {
	const struct format_ops *ops;
	bool started;	 /* the file or section header has been read */
	bool big_endian; /* fields of this file or section */
	union {
		struct {
			bool nanoseconds, modified;
			enum { LENGTHS_PLAIN, LENGTHS_SWAPPED, LENGTHS_GUESS } lengths;
		} pcap;
		struct {
			size_t section_base; /* index of the section's first interface */
		} pcapng;
	};
	struct format_interface *interfaces; /* owned */
	size_t interface_count, interface_room;
	uint64_t damaged_bytes; /* options and blocks passed over because they made no sense */
};

/* The format that a file with these first four bytes has; NULL when none of ours. */
const struct format_ops *format_by_magic(const uint8_t magic[4]);

void format_init(struct format *f, const struct format_ops *ops);
void format_done(struct format *f);
void format_loss(const struct format *f, struct loss *out);

/* A zeroed interface at the end of the table; NULL at the cap of 65536 or out of memory. */
struct format_interface *format_add_interface(struct format *f);

extern const struct format_ops format_pcap, format_pcapng;

static inline uint16_t format_u16(const struct format *f, struct cursor *c)
{
	return f->big_endian ? cursor_be16(c) : cursor_le16(c);
}

static inline uint32_t format_u32(const struct format *f, struct cursor *c)
{
	return f->big_endian ? cursor_be32(c) : cursor_le32(c);
}

static inline uint64_t format_u64(const struct format *f, struct cursor *c)
{
	return f->big_endian ? cursor_be64(c) : cursor_le64(c);
}

/* Fill step and end the parse; `fmt` says what is wrong with the record. */
void format_damaged(struct format_step *step, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline void format_short(struct format_step *step, uint64_t need)
{
	step->status = FORMAT_SHORT;
	step->bytes = need;
}

#endif
