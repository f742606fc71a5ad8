/* SPDX-License-Identifier: MIT
 *
 * One section, little endian, times in nanoseconds (draft-ietf-opsawg-pcapng). Option 8 of a
 * packet, epb_processid_threadid, holds two 32-bit numbers in the section's byte order; readers
 * that do not know it pass over it.
 */
#include "capture/pcapng_writer.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "capture/format.h"
#include "capture/pcapng_blocks.h"

enum {
	FLUSH_BYTES = 256 << 10,
	BUFFER_MAX = FLUSH_BYTES + FORMAT_CAPLEN_MAX + (1 << 20),
	TEXT_MAX_BYTES = 65535, /* an option's length has 16 bits */
	NANOSECONDS = 9,
};

struct pcapng_writer {
	int fd;		     /* owned */
	int failed;	     /* the first failure, or 0 */
	unsigned interfaces; /* described so far */
	uint64_t written;    /* bytes handed to the kernel */
	struct buf buf;
};

/* --- pieces ----------------------------------------------------------------------------------- */

static void put16(struct buf *b, uint16_t v)
{
	v = htole16(v);
	buf_put(b, &v, sizeof(v));
}

static void put32(struct buf *b, uint32_t v)
{
	v = htole32(v);
	buf_put(b, &v, sizeof(v));
}

static void put_padded(struct buf *b, const void *data, size_t n)
{
	buf_put(b, data, n);
	buf_put(b, "\0\0\0", -n & 3);
}

static void put_option(struct buf *b, uint16_t code, const void *value, size_t n)
{
	put16(b, code);
	put16(b, (uint16_t)n);
	put_padded(b, value, n);
}

static void put_option_text(struct buf *b, uint16_t code, const char *text, size_t n)
{
	put_option(b, code, text, n < TEXT_MAX_BYTES ? n : TEXT_MAX_BYTES);
}

static void put_option_u64(struct buf *b, uint16_t code, uint64_t v)
{
	if (v == UINT64_MAX)
		return;
	v = htole64(v);
	put_option(b, code, &v, sizeof(v));
}

/* A time as two halves, the upper one first; before 1970 there is none. */
static void put_time(struct buf *b, int64_t ns)
{
	uint64_t ticks = ns < 0 ? 0 : (uint64_t)ns;

	put32(b, (uint32_t)(ticks >> 32));
	put32(b, (uint32_t)ticks);
}

static void put_option_time(struct buf *b, uint16_t code, int64_t ns)
{
	put16(b, code);
	put16(b, 8);
	put_time(b, ns);
}

/* --- blocks ----------------------------------------------------------------------------------- */

static size_t begin_block(struct buf *b, uint32_t type)
{
	size_t at = b->len;

	put32(b, type);
	put32(b, 0); /* the length, known at the end */
	return at;
}

static int write_all(struct pcapng_writer *w)
{
	size_t done = 0;

	while (done < w->buf.len) {
		ssize_t n = write(w->fd, w->buf.p + done, w->buf.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
		w->written += (size_t)n;
	}
	buf_reset(&w->buf);
	return 0;
}

int pcapng_writer_flush(struct pcapng_writer *w)
{
	if (!w->failed)
		w->failed = write_all(w);
	return w->failed;
}

/* A block that did not fit in memory is dropped whole; what came before it is still good. */
static int end_block(struct pcapng_writer *w, size_t at)
{
	uint32_t total = htole32((uint32_t)(w->buf.len - at + 4));

	buf_put(&w->buf, &total, sizeof(total));
	if (w->buf.failed) {
		w->buf.len = at;
		w->buf.failed = false;
		return -ENOMEM;
	}
	memcpy(w->buf.p + at + 4, &total, sizeof(total));
	return w->buf.len < FLUSH_BYTES ? w->failed : pcapng_writer_flush(w);
}

static int put_section(struct pcapng_writer *w, const char *application)
{
	struct buf *b = &w->buf;
	size_t at = begin_block(b, BLOCK_SHB);

	put32(b, BYTE_ORDER_MAGIC);
	put16(b, 1);
	put16(b, 0);
	put32(b, UINT32_MAX); /* section length: not known */
	put32(b, UINT32_MAX);
	put_option_text(b, SHB_USERAPPL, application, strlen(application));
	put_option(b, OPT_END, "", 0);
	return end_block(w, at);
}

int pcapng_writer_interface(struct pcapng_writer *w, const struct source_interface *i)
{
	static const uint8_t resolution = NANOSECONDS;
	struct buf *b = &w->buf;
	int rc = w->failed;
	size_t at;

	if (rc)
		return rc;
	at = begin_block(b, BLOCK_IDB);
	put16(b, i->linktype);
	put16(b, 0);
	put32(b, i->snaplen);
	if (i->name)
		put_option_text(b, IF_NAME, i->name, strlen(i->name));
	put_option(b, IF_TSRESOL, &resolution, 1);
	put_option(b, OPT_END, "", 0);
	rc = end_block(w, at);
	return rc ? rc : (int)w->interfaces++;
}

static void put_packet_options(struct buf *b, const struct frame *f,
			       const struct pcapng_notes *notes)
{
	uint32_t direction = htole32(f->direction), owner[2];

	if (f->comment)
		put_option_text(b, OPT_COMMENT, f->comment, f->comment_len);
	if (notes && notes->comment)
		put_option_text(b, OPT_COMMENT, notes->comment, strlen(notes->comment));
	if (f->direction != FRAME_DIR_UNKNOWN)
		put_option(b, EPB_FLAGS, &direction, sizeof(direction));
	if (notes && notes->pid) {
		owner[0] = htole32(notes->pid);
		owner[1] = htole32(notes->tid);
		put_option(b, EPB_PROCESSID_THREADID, owner, sizeof(owner));
	}
}

int pcapng_writer_frame(struct pcapng_writer *w, unsigned interface, const struct frame *f,
			const struct pcapng_notes *notes)
{
	struct buf *b = &w->buf;
	size_t at, options;

	if (w->failed)
		return w->failed;
	if (interface >= w->interfaces || f->caplen > FORMAT_CAPLEN_MAX)
		return -EINVAL;
	at = begin_block(b, BLOCK_EPB);
	put32(b, interface);
	put_time(b, f->time_ns);
	put32(b, f->caplen);
	put32(b, f->wirelen);
	put_padded(b, f->data, f->caplen);
	options = b->len;
	put_packet_options(b, f, notes);
	if (b->len != options)
		put_option(b, OPT_END, "", 0);
	return end_block(w, at);
}

int pcapng_writer_note(struct pcapng_writer *w, const void *head, size_t head_len,
		       const void *data, size_t len)
{
	struct buf *b = &w->buf;
	size_t at;

	if (w->failed)
		return w->failed;
	if (head_len > PCAPNG_NOTE_MAX || len > PCAPNG_NOTE_MAX - head_len)
		return -EINVAL;
	at = begin_block(b, (uint32_t)BLOCK_NOTE);
	buf_put(b, head, head_len);
	buf_put(b, data, len);
	buf_put(b, "\0\0\0", -(head_len + len) & 3);
	return end_block(w, at);
}

int pcapng_writer_statistics(struct pcapng_writer *w, unsigned interface,
			     const struct pcapng_statistics *s)
{
	struct buf *b = &w->buf;
	size_t at;

	if (w->failed)
		return w->failed;
	if (interface >= w->interfaces)
		return -EINVAL;
	at = begin_block(b, BLOCK_ISB);
	put32(b, interface);
	put_time(b, s->end_ns);
	put_option_time(b, ISB_STARTTIME, s->start_ns);
	put_option_time(b, ISB_ENDTIME, s->end_ns);
	put_option_u64(b, ISB_IFRECV, s->received);
	put_option_u64(b, ISB_IFDROP, s->dropped);
	put_option_u64(b, ISB_OSDROP, s->os_dropped);
	put_option_u64(b, ISB_USRDELIV, s->delivered);
	put_option(b, OPT_END, "", 0);
	return end_block(w, at);
}

/* --- life ------------------------------------------------------------------------------------- */

int pcapng_writer_new(struct pcapng_writer **out, int fd, const char *application)
{
	struct pcapng_writer *w = calloc(1, sizeof(*w));
	int rc;

	if (!w)
		return -ENOMEM;
	w->fd = fd;
	buf_init(&w->buf, BUFFER_MAX);
	rc = put_section(w, application);
	if (rc) {
		buf_done(&w->buf);
		free(w);
		return rc;
	}
	*out = w;
	return 0;
}

int pcapng_writer_free(struct pcapng_writer *w, struct err *e)
{
	int rc;

	if (!w)
		return 0;
	rc = pcapng_writer_flush(w);
	if (close(w->fd) && !rc)
		rc = -errno;
	if (rc)
		err_set(e, rc, "the recording is cut off after %llu bytes: %s",
			(unsigned long long)w->written, strerror(-rc));
	buf_done(&w->buf);
	free(w);
	return rc;
}

uint64_t pcapng_writer_bytes(const struct pcapng_writer *w)
{
	return w->written + w->buf.len;
}
