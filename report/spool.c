/* SPDX-License-Identifier: MIT
 *
 * A record is its kind, how many lines of 64 bytes the row has, a bit for each that differs from
 * the row before, and those lines. Rows are wide and alike: a tenth of them is left.
 */
#include "report/spool.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 64, CHUNK = 64 << 10 };

union any_row {
	struct flow_row flow;
	struct socket_row socket;
	struct tunnel_total tunnel;
};

enum {
	LINES_MAX = (sizeof(union any_row) + LINE - 1) / LINE,
	BITS_MAX = (LINES_MAX + 7) / 8,
	HEAD = 1 + sizeof(uint16_t),
	RECORD_MAX = HEAD + BITS_MAX + LINES_MAX * LINE,
};

/* The last row of each kind, in whole lines. */
struct rows {
	uint8_t of[SPOOL_KINDS][LINES_MAX * LINE];
};

static size_t size_of(const struct spool_row *row)
{
	switch (row->kind) {
	case SPOOL_FLOW: return offsetof(struct flow_row, texts) + row->flow->texts_len;
	case SPOOL_SOCKET: return sizeof(*row->socket);
	case SPOOL_TUNNEL: return sizeof(*row->tunnel);
	default: return 0;
	}
}

/* --- writing ---------------------------------------------------------------------------------- */

struct spool_writer {
	int fd, status;
	size_t len;
	struct rows rows;
	uint8_t chunk[CHUNK + RECORD_MAX];
};

struct spool_writer *spool_writer_new(int fd)
{
	struct spool_writer *w = calloc(1, sizeof(*w));

	if (w)
		w->fd = fd;
	return w;
}

static void write_out(struct spool_writer *w)
{
	for (size_t at = 0; at < w->len && !w->status;) {
		ssize_t n = write(w->fd, w->chunk + at, w->len - at);

		if (n >= 0)
			at += (size_t)n;
		else if (errno != EINTR)
			w->status = -errno;
	}
	w->len = 0;
}

void spool_put(struct spool_writer *w, const struct spool_row *row)
{
	size_t size = size_of(row);
	uint16_t lines = (uint16_t)((size + LINE - 1) / LINE);
	uint8_t *last = w->rows.of[row->kind], *bits = w->chunk + w->len + HEAD;
	uint8_t *at = bits + (lines + 7) / 8;
	const uint8_t *bytes = (const uint8_t *)row->flow;

	w->chunk[w->len] = (uint8_t)row->kind;
	memcpy(w->chunk + w->len + 1, &lines, sizeof(lines));
	memset(bits, 0, (size_t)(at - bits));
	for (unsigned i = 0; i < lines; i++) {
		size_t left = size - (size_t)i * LINE, n = left < LINE ? left : LINE;

		if (memcmp(last + i * LINE, bytes + i * LINE, n) == 0)
			continue;
		memcpy(last + i * LINE, bytes + i * LINE, n);
		memcpy(at, last + i * LINE, LINE);
		at += LINE;
		bits[i / 8] |= (uint8_t)(1 << i % 8);
	}
	w->len = (size_t)(at - w->chunk);
	if (w->len >= CHUNK)
		write_out(w);
}

int spool_writer_free(struct spool_writer *w)
{
	const struct spool_row end = {.kind = SPOOL_END};
	int status;

	spool_put(w, &end);
	write_out(w);
	status = w->status;
	free(w);
	return status;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct spool_reader {
	int fd;
	off_t offset;
	size_t at, len;
	struct rows rows;
	uint8_t chunk[CHUNK];
};

struct spool_reader *spool_reader_new(int fd)
{
	struct spool_reader *r = calloc(1, sizeof(*r));

	if (r)
		r->fd = fd;
	return r;
}

void spool_reader_free(struct spool_reader *r)
{
	free(r);
}

/* The next n bytes, n at most a line or the bits of a row; NULL with *status when they are not
 * there. */
static const uint8_t *take(struct spool_reader *r, size_t n, int *status)
{
	while (r->len - r->at < n) {
		ssize_t got;

		memmove(r->chunk, r->chunk + r->at, r->len - r->at);
		r->len -= r->at;
		r->at = 0;
		got = pread(r->fd, r->chunk + r->len, CHUNK - r->len, r->offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			*status = got < 0 ? -errno : -EBADMSG;
			return NULL;
		}
		r->offset += got;
		r->len += (size_t)got;
	}
	r->at += n;
	return r->chunk + r->at - n;
}

static int take_lines(struct spool_reader *r, uint8_t *row, unsigned lines)
{
	uint8_t bits[BITS_MAX];
	int status = 0;
	const uint8_t *p = take(r, (lines + 7) / 8, &status);

	if (!p)
		return status;
	memcpy(bits, p, (lines + 7) / 8);
	for (unsigned i = 0; i < lines; i++) {
		if (!(bits[i / 8] & 1 << i % 8))
			continue;
		p = take(r, LINE, &status);
		if (!p)
			return status;
		memcpy(row + i * LINE, p, LINE);
	}
	return 0;
}

int spool_get(struct spool_reader *r, struct spool_row *row)
{
	uint16_t lines;
	int status = 0;
	const uint8_t *head = take(r, HEAD, &status);
	enum spool_kind kind;

	if (!head)
		return status;
	kind = head[0];
	memcpy(&lines, head + 1, sizeof(lines));
	if (kind >= SPOOL_KINDS || lines > LINES_MAX)
		return -EBADMSG;
	status = take_lines(r, r->rows.of[kind], lines);
	if (status < 0)
		return status;
	row->kind = kind;
	row->flow = (const void *)r->rows.of[kind];
	return 0;
}
