/* SPDX-License-Identifier: MIT */
#include "bpf/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"

static const char magic[8] = "SOCKEVT\n";

enum { ORDER_MARK = 0x01020304, ORDER_SWAPPED = 0x04030201 };
enum { UNIX_NAME_MAX = 108 }; /* sun_path of unix(7) */

/* The year 2116: what is beyond is damage, and sums cannot overflow. */
#define TIME_MAX_NS (INT64_MAX / 2)
#define BYTES_MAX   (UINT64_MAX / 4) /* of a socket: damage likewise */

struct header {
	uint32_t version, record_bytes;
	int64_t offset_ns;
};

/* --- the header, in this machine's byte order like the records --- */

static uint32_t take_u32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);
	uint32_t v = 0;

	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

static int64_t take_i64(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 8);
	int64_t v = 0;

	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

static int parse_header(struct header *h, const char *path, struct cursor *c, struct err *e)
{
	const uint8_t *m = cursor_bytes(c, sizeof(magic));
	uint32_t order;

	if (!m || memcmp(m, magic, sizeof(magic)))
		return err_set(e, -EBADMSG, "%s: no recording of socket events", path);
	order = take_u32(c);
	h->version = take_u32(c);
	h->record_bytes = take_u32(c);
	cursor_skip(c, 4);
	h->offset_ns = take_i64(c);
	if (c->bad)
		return err_set(e, -EBADMSG, "%s: cut within its header", path);
	if (order == ORDER_SWAPPED)
		return err_set(e, -EBADMSG, "%s: recorded on a machine of the other byte order",
			       path);
	if (order != ORDER_MARK)
		return err_set(e, -EBADMSG, "%s: damaged header (byte order)", path);
	if (h->version != REPLAY_VERSION)
		return err_set(e, -EBADMSG, "%s: version %" PRIu32 ", this program reads %d", path,
			       h->version, REPLAY_VERSION);
	if (h->record_bytes != sizeof(struct sock_event))
		return err_set(e, -EBADMSG, "%s: records of %" PRIu32 " bytes, not %zu", path,
			       h->record_bytes, sizeof(struct sock_event));
	if (h->offset_ns < -TIME_MAX_NS || h->offset_ns > TIME_MAX_NS)
		return err_set(e, -EBADMSG, "%s: damaged header (clock offset)", path);
	return 0;
}

void replay_head(uint8_t out[REPLAY_HEADER_BYTES], int64_t offset_ns)
{
	uint32_t words[4] = {ORDER_MARK, REPLAY_VERSION, sizeof(struct sock_event), 0};

	memcpy(out, magic, sizeof(magic));
	memcpy(out + 8, words, sizeof(words));
	memcpy(out + 24, &offset_ns, sizeof(offset_ns));
}

/* The header of an open file; the file stands behind it afterwards. */
static int read_header(struct header *h, FILE *file, const char *path, struct err *e)
{
	uint8_t bytes[REPLAY_HEADER_BYTES];
	size_t n = fread(bytes, 1, sizeof(bytes), file);
	struct cursor c = cursor_init(bytes, n);
	int code = errno;

	if (ferror(file))
		return err_set(e, -code, "%s: %s", path, strerror(code));
	return parse_header(h, path, &c, e);
}

/* --- reader --- */

struct replay_reader {
	FILE *file;
	char *path;
	int64_t offset_ns;
	uint64_t count; /* read so far */
};

int replay_open(struct replay_reader **out, const char *path, struct err *e)
{
	struct replay_reader *r = calloc(1, sizeof(*r));
	struct header h;
	int rc;

	if (!r)
		return err_set(e, -ENOMEM, "%s: out of memory", path);
	r->path = strdup(path);
	r->file = fopen(path, "rbe");
	rc = errno;
	if (!r->path || !r->file) {
		rc = r->path ? err_set(e, -rc, "%s: %s", path, strerror(rc))
			     : err_set(e, -ENOMEM, "%s: out of memory", path);
		goto out_reader;
	}
	rc = read_header(&h, r->file, path, e);
	if (rc)
		goto out_reader;
	r->offset_ns = h.offset_ns;
	*out = r;
	return 0;

out_reader:
	replay_close(r);
	return rc;
}

void replay_close(struct replay_reader *r)
{
	if (!r)
		return;
	if (r->file)
		fclose(r->file);
	free(r->path);
	free(r);
}

/* Whoever joins the pieces of a name trusts their places. */
static bool is_name_possible(const struct sock_event *ev)
{
	return ev->kind != SOCK_EVENT_UNIX ||
	       (ev->un.path_bytes <= UNIX_NAME_MAX && ev->un.path_at <= ev->un.path_bytes);
}

static bool are_bytes_possible(const struct sock_event *ev)
{
	if (ev->kind != SOCK_EVENT_TOTALS && ev->kind != SOCK_EVENT_CLOSE)
		return true;
	return ev->totals.tx_bytes <= BYTES_MAX && ev->totals.rx_bytes <= BYTES_MAX &&
	       ev->totals.acked_bytes <= BYTES_MAX && ev->totals.received_bytes <= BYTES_MAX;
}

/* Records of one head. */
struct records {
	const char *path; /* borrowed; of the file that they are in */
	int64_t offset_ns;
	uint64_t count; /* read so far */
};

/* A cut record reads as an error of its cursor; an absurd one would poison what is computed. */
static int parse_record(struct records *r, struct sock_event *ev, struct cursor *c, struct err *e)
{
	size_t left = cursor_left(c);
	const uint8_t *p = cursor_bytes(c, sizeof(*ev));
	struct sock_event got;

	if (!p)
		return err_set(e, -EBADMSG, "%s: cut after record %" PRIu64 " (%zu bytes more)",
			       r->path, r->count, left);
	memcpy(&got, p, sizeof(got));
	if (got.kind == SOCK_EVENT_NONE || got.kind >= SOCK_EVENT_KINDS)
		return err_set(e, -EBADMSG, "%s: record %" PRIu64 " is of unknown kind %u", r->path,
			       r->count + 1, got.kind);
	if (got.time_ns > TIME_MAX_NS || (int64_t)got.time_ns + r->offset_ns < 0)
		return err_set(e, -EBADMSG, "%s: record %" PRIu64 " has an impossible time",
			       r->path, r->count + 1);
	if (!is_name_possible(&got))
		return err_set(e, -EBADMSG, "%s: record %" PRIu64 " has an impossible name",
			       r->path, r->count + 1);
	if (!are_bytes_possible(&got))
		return err_set(e, -EBADMSG,
			       "%s: record %" PRIu64 " has an impossible number of bytes", r->path,
			       r->count + 1);
	got.time_ns = (uint64_t)((int64_t)got.time_ns + r->offset_ns);
	r->count++;
	*ev = got;
	return 1;
}

int replay_each(const uint8_t *data, size_t n, void (*fn)(void *ctx, const struct sock_event *ev),
		void *ctx, struct err *e)
{
	struct records r = {.path = "socket events"};
	struct cursor c = cursor_init(data, n);
	struct sock_event ev;
	struct header h = {0};
	int rc = parse_header(&h, r.path, &c, e);

	r.offset_ns = h.offset_ns;
	while (rc >= 0 && cursor_left(&c)) {
		rc = parse_record(&r, &ev, &c, e);
		if (rc > 0)
			fn(ctx, &ev);
	}
	return rc < 0 ? rc : (int)r.count;
}

int replay_next(struct replay_reader *r, struct sock_event *ev, struct err *e)
{
	uint8_t bytes[sizeof(*ev)];
	size_t n = fread(bytes, 1, sizeof(bytes), r->file);
	struct cursor c = cursor_init(bytes, n);
	struct records records = {r->path, r->offset_ns, r->count};
	int code = errno, rc;

	if (ferror(r->file))
		return err_set(e, -code, "%s: %s", r->path, strerror(code));
	if (!n)
		return 0;
	rc = parse_record(&records, ev, &c, e);
	r->count = records.count;
	return rc;
}

/* --- writer --- */

struct replay_writer {
	FILE *file;
	int64_t shift_ns; /* added to times, so that they fit the offset in the header */
	int64_t file_offset_ns;
};

/* An older recording: read its offset, drop a cut last record, and stand at its end. */
static int go_on(struct replay_writer *w, const char *path, off_t size, struct err *e)
{
	struct header h;
	off_t whole;
	int rc = read_header(&h, w->file, path, e);

	if (rc)
		return rc;
	whole = size - (size - REPLAY_HEADER_BYTES) % (off_t)sizeof(struct sock_event);
	if (ftruncate(fileno(w->file), whole) || fseeko(w->file, whole, SEEK_SET))
		return err_set(e, -errno, "%s: %s", path, strerror(errno));
	w->file_offset_ns = h.offset_ns;
	return 0;
}

static int start(struct replay_writer *w, const char *path, int64_t offset_ns, struct err *e)
{
	uint8_t bytes[REPLAY_HEADER_BYTES];

	replay_head(bytes, offset_ns);
	w->file_offset_ns = offset_ns;
	if (fwrite(bytes, sizeof(bytes), 1, w->file) != 1)
		return err_set(e, -EIO, "%s: cannot be written", path);
	return 0;
}

int replay_append(struct replay_writer **out, const char *path, int64_t offset_ns, struct err *e)
{
	struct replay_writer *w = calloc(1, sizeof(*w));
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = -errno;
	struct stat st;

	if (!w || fd < 0) {
		rc = w ? err_set(e, rc, "%s: %s", path, strerror(-rc))
		       : err_set(e, -ENOMEM, "%s: out of memory", path);
		goto out_fd;
	}
	w->file = fdopen(fd, "r+b");
	if (!w->file || fstat(fd, &st)) {
		rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
		goto out_file;
	}
	rc = st.st_size ? go_on(w, path, st.st_size, e) : start(w, path, offset_ns, e);
	if (rc)
		goto out_file;
	replay_set_offset(w, offset_ns);
	*out = w;
	return 0;

out_file:
	if (w->file) {
		fclose(w->file);
		fd = -1;
	}
out_fd:
	if (fd >= 0)
		close(fd);
	free(w);
	return rc;
}

void replay_set_offset(struct replay_writer *w, int64_t offset_ns)
{
	w->shift_ns = offset_ns - w->file_offset_ns;
}

void replay_put(struct replay_writer *w, const struct sock_event *ev)
{
	struct sock_event shifted = *ev;

	shifted.time_ns = (uint64_t)((int64_t)ev->time_ns + w->shift_ns);
	/* The stream remembers a failure until replay_finish. */
	(void)fwrite(&shifted, sizeof(shifted), 1, w->file);
}

int replay_finish(struct replay_writer *w, struct err *e)
{
	bool failed;
	int code;

	if (!w)
		return 0;
	errno = 0;
	failed = fflush(w->file) | ferror(w->file);
	code = errno ? errno : EIO;
	failed |= fclose(w->file) != 0;
	free(w);
	return failed ? err_set(e, -code, "socket events: %s", strerror(code)) : 0;
}
