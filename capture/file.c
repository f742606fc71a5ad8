/* SPDX-License-Identifier: MIT
 *
 * A capture file or pipe as a source: blocks in (block_reader), records parsed where they lie
 * (format), batches of frames out.
 *
 * Frames point into the block buffer, so a batch is always handed out before the next fill. A
 * damaged record stays at the front of the buffer: what comes before it is handed out first, then
 * every further read finds it again and says so.
 */
#include "capture/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/block_reader.h"
#include "capture/file_filter.h"
#include "capture/foreign.h"
#include "capture/format.h"
#include "capture/source_ops.h"
#include "capture/unpack.h"

/* Give the caller a turn after so many frames, even when the filter passes none of them. */
enum { FRAMES_PER_READ = 1 << 16 };

struct file_source {
	struct source base;
	struct block_reader reader;
	struct format format;	    /* .ops NULL until the first bytes were seen */
	struct file_filter *filter; /* NULL = everything */
	uint64_t size;		    /* 0 = unknown: a pipe */
	uint64_t unread;	    /* bytes from the damage on */
	bool primed;		    /* the beginning was looked at and is good */
	struct frame batch[SOURCE_BATCH];
};

static struct file_source *file_of(struct source *s)
{
	return (struct file_source *)s;
}

static const struct file_source *file_of_const(const struct source *s)
{
	return (const struct file_source *)s;
}

/* --- what is wrong ---------------------------------------------------------------------------- */

static void note_unread(struct file_source *f)
{
	uint64_t at_hand = block_reader_left(&f->reader);

	/* Of a compressed file only what was unpacked can be told; the rest counts as it lies. */
	f->unread = at_hand + (f->size > f->reader.raw ? f->size - f->reader.raw : 0);
}

static int fail_damaged(struct file_source *f, const char *why, struct err *e)
{
	note_unread(f);
	if (!f->format.started)
		return err_set(e, -EBADMSG,
			       "%s: its first bytes are those of a %s file, but it is none: %s",
			       f->base.label, f->format.ops->name, why);
	return err_set(e, -EBADMSG,
		       "%s: damaged at byte %" PRIu64 ": %s; everything before it was read. "
		       "Copy or record the file again for the rest",
		       f->base.label, f->reader.offset, why);
}

static int fail_cut(struct file_source *f, struct err *e)
{
	note_unread(f);
	if (!f->format.started)
		return err_set(
			e, -EBADMSG,
			"%s: cut off after %zu bytes, inside the header of a %s file. Was the "
			"recording or a copy interrupted?",
			f->base.label, block_reader_left(&f->reader), f->format.ops->name);
	return err_set(
		e, -EBADMSG,
		"%s: cut off at byte %" PRIu64 ", inside a record that begins at byte %" PRIu64
		"; everything before it was read. Was the recording or a copy interrupted?",
		f->base.label, f->reader.offset + block_reader_left(&f->reader), f->reader.offset);
}

static int fail_memory(const struct file_source *f, struct err *e)
{
	return err_set(e, -ENOMEM, "%s: out of memory at byte %" PRIu64, f->base.label,
		       f->reader.offset);
}

static int fail_read(struct file_source *f, int rc, struct err *e)
{
	if (rc == -ENOMEM)
		return fail_memory(f, e);
	note_unread(f);
	if (rc == -EBADMSG)
		return err_set(e, rc,
			       "%s: its %s stream is damaged or cut off at byte %" PRIu64
			       "; everything before it was read",
			       f->base.label, unpacker_name(f->reader.unpacker), f->reader.raw);
	return err_set(e, rc, "%s: cannot read at byte %" PRIu64 ": %s", f->base.label,
		       f->reader.raw, strerror(-rc));
}

/* --- the beginning ---------------------------------------------------------------------------- */

/* The first bytes: 1 when at hand, 0 when a pipe has not said enough yet, or a negative errno. */
static int peek(struct file_source *f, struct cursor *c, struct err *e)
{
	int rc = 1;

	while (rc > 0 && block_reader_left(&f->reader) < FOREIGN_PEEK)
		rc = block_reader_fill(&f->reader, FOREIGN_PEEK);
	if (rc == -EAGAIN)
		return 0;
	if (rc < 0)
		return fail_read(f, rc, e);
	*c = block_reader_cursor(&f->reader);
	return 1;
}

/* Find the format; returns as peek. */
static int identify(struct file_source *f, struct err *e)
{
	const struct unpack_format *packed;
	struct cursor c;
	const uint8_t *magic;
	int rc = peek(f, &c, e);

	packed = rc > 0 && !f->reader.unpacker ? unpack_format_of(&c) : NULL;
	if (packed) {
		if (block_reader_unpack(&f->reader, packed))
			return fail_memory(f, e);
		rc = peek(f, &c, e);
	}
	if (rc <= 0)
		return rc;
	magic = cursor_peek(&c, 4);
	if (magic)
		f->format.ops = format_by_magic(magic);
	return f->format.ops ? 1 : foreign_explain(f->base.label, &c, e);
}

/* What the bytes at hand say before the first frame: a wrong filter is known by now. */
static int prime(struct file_source *f, struct err *e)
{
	struct cursor c = block_reader_cursor(&f->reader);
	struct format_step step;
	int rc = 0;

	f->format.ops->parse(&f->format, &c, f->batch, 0, &step);
	block_reader_consume(&f->reader, &c);
	if (!f->format.started && step.status == FORMAT_DAMAGED)
		return fail_damaged(f, step.why, e);
	for (size_t i = 0; !rc && f->filter && i < f->format.interface_count; i++)
		rc = file_filter_compile(f->filter, f->format.interfaces[i].pub.linktype, e);
	f->primed = rc == 0;
	return rc;
}

static int file_start(struct source *s, struct err *e)
{
	struct file_source *f = file_of(s);
	int rc = f->format.ops ? 1 : identify(f, e);

	if (rc > 0)
		rc = f->primed ? 0 : prime(f, e);
	return rc;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Parse one batch and hand it out; the number of frames that passed, or a negative errno. */
static int read_batch(struct file_source *f, unsigned max, struct format_step *step, frames_fn fn,
		      void *ctx, struct err *e)
{
	struct cursor c = block_reader_cursor(&f->reader);
	int n;

	f->format.ops->parse(&f->format, &c, f->batch, max, step);
	n = (int)step->frames;
	if (step->note && f->base.on_note)
		f->base.on_note(f->base.on_note_ctx, step->note, step->note_len);
	if (n && f->filter)
		n = file_filter_run(f->filter, f->batch, step->frames, e);
	if (n < 0)
		return n;
	if (n)
		fn(ctx, f->batch, (unsigned)n);
	block_reader_consume(&f->reader, &c);
	f->base.frames += (unsigned)n;
	return n;
}

/* Get further after a parse that stopped early; 1 = parse again, else what source_read returns. */
static int advance(struct file_source *f, const struct format_step *step, struct err *e)
{
	int rc;

	switch (step->status) {
	case FORMAT_OK: return 1;
	case FORMAT_SKIP: block_reader_skip(&f->reader, step->bytes); return 1;
	case FORMAT_DAMAGED: return fail_damaged(f, step->why, e);
	case FORMAT_FAILED: return fail_memory(f, e);
	case FORMAT_SHORT: break;
	}
	rc = block_reader_fill(&f->reader, (size_t)step->bytes);
	if (rc == -EAGAIN)
		return 0;
	if (rc < 0)
		return fail_read(f, rc, e);
	if (rc == 0 && (block_reader_left(&f->reader) || f->reader.skip || !f->format.started))
		return fail_cut(f, e);
	if (!rc)
		block_reader_shrink(&f->reader);
	return rc ? 1 : -ENODATA;
}

static int file_read(struct source *s, unsigned budget, frames_fn fn, void *ctx, struct err *e)
{
	struct file_source *f = file_of(s);
	unsigned handed = 0, seen = 0;
	struct format_step step;
	int rc = file_start(s, e);

	if (rc || !f->format.ops)
		return rc;
	while (handed < budget && seen < FRAMES_PER_READ) {
		unsigned left = budget - handed;

		rc = read_batch(f, left < SOURCE_BATCH ? left : SOURCE_BATCH, &step, fn, ctx, e);
		if (rc < 0)
			return rc;
		handed += (unsigned)rc;
		seen += step.frames + (step.note != NULL);
		/* Whoever keeps frames has used those before a note by the time that it comes. */
		if (step.at_note && handed)
			break;
		if (step.status == FORMAT_OK)
			continue;
		/* Going on may fail or wait: what was handed out is reported first. */
		if (handed)
			break;
		rc = advance(f, &step, e);
		if (rc <= 0)
			return rc;
	}
	return (int)handed;
}

static int file_fd(const struct source *s)
{
	const struct file_source *f = file_of_const(s);

	return f->reader.may_block ? f->reader.fd : -1;
}

static const struct source_interface *file_interface(const struct source *s, uint16_t index)
{
	const struct format *format = &file_of_const(s)->format;

	return index < format->interface_count ? &format->interfaces[index].pub : NULL;
}

static void file_stats(const struct source *s, struct source_stats *out)
{
	const struct file_source *f = file_of_const(s);

	out->bytes = f->reader.raw; /* of the file: of what is compressed, if it is */
	out->size = f->size;
}

static void file_loss(struct source *s, struct loss *out)
{
	struct file_source *f = file_of(s);

	format_loss(&f->format, out);
	out->count[LOSS_DAMAGED] += f->unread;
}

static void file_free(struct source *s)
{
	struct file_source *f = file_of(s);

	format_done(&f->format);
	block_reader_done(&f->reader);
	file_filter_free(f->filter);
	source_done(&f->base);
	free(f);
}

static int file_again(struct source **out, const struct source *s, struct err *e)
{
	const struct file_source *f = file_of_const(s);
	int fd, rc;

	if (f->reader.may_block)
		return err_set(e, -ENOTSUP, "%s is a pipe, which cannot be read twice", s->label);
	fd = fcntl(f->reader.fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0) {
		rc = err_set(e, -errno, "cannot read %s again: %s", s->label, strerror(errno));
		goto out_close;
	}
	rc = file_source_new(out, fd, s->name, f->filter ? file_filter_text(f->filter) : NULL, e);
	if (!rc)
		return 0;
out_close:
	if (fd >= 0)
		close(fd);
	return rc;
}

static const struct source_ops file_ops = {
	.start = file_start,
	.read = file_read,
	.fd = file_fd,
	.interface = file_interface,
	.stats = file_stats,
	.loss = file_loss,
	.free = file_free,
	.again = file_again,
};

/* --- opening ---------------------------------------------------------------------------------- */

static int check_kind(const struct stat *st, int fd, const char *label, struct err *e)
{
	if (S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode))
		return 0;
	if (S_ISDIR(st->st_mode))
		return err_set(e, -EISDIR, "%s is a directory: name a capture file in it", label);
	if (isatty(fd))
		return err_set(e, -EINVAL, "%s is a terminal: name a capture file or pipe one in",
			       label);
	return err_set(e, -EINVAL, "%s is a device: name a capture file or a pipe", label);
}

int file_source_new(struct source **out, int fd, const char *name, const char *filter,
		    struct err *e)
{
	struct file_source *f = calloc(1, sizeof(*f));
	char label[SOURCE_LABEL_MAX];
	struct stat st;
	int rc;

	source_label(label, name);
	if (!f || source_init(&f->base, &file_ops, name)) {
		rc = err_set(e, -ENOMEM, "%s: out of memory", label);
		goto out_free;
	}
	if (fstat(fd, &st)) {
		rc = err_set(e, -errno, "%s: cannot examine: %s", label, strerror(errno));
		goto out_source;
	}
	rc = check_kind(&st, fd, label, e);
	if (rc)
		goto out_source;
	if (filter)
		f->filter = file_filter_new(filter);
	if ((filter && !f->filter) || block_reader_init(&f->reader, fd, !S_ISREG(st.st_mode))) {
		rc = err_set(e, -ENOMEM, "%s: out of memory", label);
		goto out_filter;
	}
	f->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	*out = &f->base;
	return 0;

out_filter:
	file_filter_free(f->filter);
out_source:
	source_done(&f->base);
out_free:
	free(f);
	return rc;
}

int source_open_file(struct source **out, const char *path, const char *filter, struct err *e)
{
	bool standard_input = !strcmp(path, "-");
	char label[SOURCE_LABEL_MAX];
	int fd, rc;

	source_label(label, path);
	fd = standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			    : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "cannot open %s: %s", label, strerror(errno));
	rc = file_source_new(out, fd, standard_input ? "standard input" : path, filter, e);
	if (rc)
		close(fd);
	return rc;
}
