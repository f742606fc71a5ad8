/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/spool.h"

enum { ROWS = 3000 };

/* Each differs from the one before in one place or many, and in its length. */
static void make_flow(struct flow_row *row, unsigned i)
{
	if (i % 7 == 0)
		memset(row, (int)i, offsetof(struct flow_row, texts));
	row->id = i;
	row->texts_len = (uint16_t)(i * 31 % ROW_TEXTS_MAX);
	memset(row->texts, 'a' + (int)(i % 26), row->texts_len);
}

static void make_socket(struct socket_row *row, unsigned i)
{
	memset(row, (int)(i % 3), sizeof(*row));
	row->id = i;
}

static void rows_come_back(void **state)
{
	static struct flow_row flow;
	static struct socket_row socket;
	struct tunnel_total tunnel = {.packets = 1};
	int fd = memfd_create("spool", 0);
	struct spool_writer *w = spool_writer_new(fd);
	struct spool_reader *r;
	struct spool_row row;

	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		make_flow(&flow, i);
		make_socket(&socket, i);
		tunnel.bytes = i;
		spool_put(w, &(struct spool_row){.kind = SPOOL_FLOW, .flow = &flow});
		spool_put(w, &(struct spool_row){.kind = SPOOL_SOCKET, .socket = &socket});
		spool_put(w, &(struct spool_row){.kind = SPOOL_TUNNEL, .tunnel = &tunnel});
	}
	assert_int_equal(spool_writer_free(w), 0);
	r = spool_reader_new(fd);
	for (unsigned i = 0; i < ROWS; i++) {
		make_flow(&flow, i);
		make_socket(&socket, i);
		assert_int_equal(spool_get(r, &row), 0);
		assert_int_equal(row.kind, SPOOL_FLOW);
		assert_memory_equal(row.flow, &flow,
				    offsetof(struct flow_row, texts) + flow.texts_len);
		assert_int_equal(spool_get(r, &row), 0);
		assert_int_equal(row.kind, SPOOL_SOCKET);
		assert_memory_equal(row.socket, &socket, sizeof(socket));
		assert_int_equal(spool_get(r, &row), 0);
		assert_int_equal(row.kind, SPOOL_TUNNEL);
		assert_int_equal(row.tunnel->bytes, i);
	}
	assert_int_equal(spool_get(r, &row), 0);
	assert_int_equal(row.kind, SPOOL_END);
	spool_reader_free(r);
	close(fd);
}

/* Of a process that died: every prefix gives whole rows and then says so. */
static void what_was_cut_is_told(void **state)
{
	static struct flow_row flow;
	int fd = memfd_create("spool", 0), status;
	struct spool_writer *w = spool_writer_new(fd);
	struct spool_row row;
	off_t size;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		make_flow(&flow, i);
		spool_put(w, &(struct spool_row){.kind = SPOOL_FLOW, .flow = &flow});
	}
	spool_writer_free(w);
	size = lseek(fd, 0, SEEK_END);
	while (--size >= 0) {
		struct spool_reader *r = spool_reader_new(fd);

		assert_int_equal(ftruncate(fd, size), 0);
		while ((status = spool_get(r, &row)) == 0)
			assert_int_equal(row.kind, SPOOL_FLOW);
		assert_int_equal(status, -EBADMSG);
		spool_reader_free(r);
	}
	close(fd);
}

static void a_full_disk_is_told(void **state)
{
	static struct flow_row flow;
	int fds[2];
	struct spool_writer *w;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	close(fds[1]);
	w = spool_writer_new(fds[0]); /* cannot be written to */
	spool_put(w, &(struct spool_row){.kind = SPOOL_FLOW, .flow = &flow});
	assert_int_equal(spool_writer_free(w), -EBADF);
	close(fds[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back),
		cmocka_unit_test(what_was_cut_is_told),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
