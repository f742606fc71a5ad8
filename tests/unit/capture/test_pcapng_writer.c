/* SPDX-License-Identifier: MIT
 *
 * What the writer writes, as tshark and our reader read it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "capture/pcapng_writer.h"
#include "unit/capture/memory_file.h"

static const uint8_t packet[60] = {[12] = 0x88, [13] = 0xb5}; /* an EtherType for experiments */

/* Two interfaces, three packets: plain; with comment, direction and owner; on the second. */
static void write_sample(int fd)
{
	struct source_interface first = {.name = "eth0", .linktype = 1, .snaplen = 96};
	struct source_interface second = {.linktype = 101};
	struct pcapng_notes notes = {.comment = "pid=42 comm=curl", .pid = 42, .tid = 43};
	struct pcapng_statistics statistics = {1, 2, 100, UINT64_MAX, 7, 3};
	struct frame f = {
		.data = packet, .time_ns = 1700000000123456789, .caplen = 60, .wirelen = 1500};
	struct pcapng_writer *w;

	assert_int_equal(pcapng_writer_new(&w, fd, "test 1.0"), 0);
	assert_int_equal(pcapng_writer_frame(w, 0, &f, NULL), -EINVAL);
	assert_int_equal(pcapng_writer_interface(w, &first), 0);
	assert_int_equal(pcapng_writer_interface(w, &second), 1);
	assert_int_equal(pcapng_writer_frame(w, 0, &f, NULL), 0);
	f.direction = FRAME_DIR_OUT;
	f.comment = "from the file, not terminated";
	f.comment_len = 13;
	f.time_ns++;
	assert_int_equal(pcapng_writer_frame(w, 0, &f, &notes), 0);
	f = (struct frame){.data = packet, .time_ns = -1, .caplen = 0, .wirelen = 9};
	assert_int_equal(pcapng_writer_frame(w, 1, &f, NULL), 0);
	assert_int_equal(pcapng_writer_statistics(w, 0, &statistics), 0);
	assert_int_equal(pcapng_writer_flush(w), 0);
	assert_int_equal(pcapng_writer_bytes(w), lseek(fd, 0, SEEK_CUR));
	assert_int_equal(pcapng_writer_free(w, NULL), 0);
}

static void keep_second(void *ctx, const struct frame *frames, unsigned n)
{
	struct frame *kept = ctx;

	assert_int_equal(n, 3);
	*kept = frames[1];
	assert_int_equal(frames[1].comment_len, 13);
	assert_memory_equal(frames[1].comment, "from the file", 13);
	assert_int_equal(frames[2].time_ns, 0);
	assert_int_equal(frames[2].linktype, 101);
}

/* Readers do not show option 8: code 8, length 8, pid 42, tid 43. */
static void check_owner(int fd)
{
	char file[4096];
	ssize_t n = pread(fd, file, sizeof(file), 0);

	assert_true(n > 0);
	assert_non_null(memmem(file, (size_t)n, "\10\0\10\0\52\0\0\0\53\0\0", 12));
}

static void test_own_reader(void **state)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct loss loss = {{0}};
	struct frame second;
	struct source *s;
	struct err e = {""};

	(void)state;
	write_sample(dup(fd));
	check_owner(fd);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(file_source_new(&s, fd, "recording", NULL, &e), 0);
	assert_int_equal(source_read(s, 10, keep_second, &second, &e), 3);
	assert_int_equal(source_read(s, 10, keep_second, &second, &e), -ENODATA);
	assert_int_equal(second.time_ns, 1700000000123456790);
	assert_int_equal(second.direction, FRAME_DIR_OUT);
	assert_int_equal(second.wirelen, 1500);
	assert_string_equal(source_interface(s, 0)->name, "eth0");
	source_loss(s, &loss);
	assert_int_equal(loss.count[LOSS_KERNEL], 7);
	assert_int_equal(loss.count[LOSS_INTERFACE], 0);
	source_free(s);
}

/* The field list and the rows that tshark must print; its complaints would be among them. */
#define TSHARK                                                                                     \
	"tshark -n -r %s -T fields -E separator='|' -e frame.time_epoch -e frame.cap_len"          \
	" -e frame.len -e frame.interface_name -e frame.comment -e frame.packet_flags_direction"   \
	" 2>&1 | grep -v 'Running as user'"

static void test_tshark(void **state)
{
	static const char *const rows[] = {
		"1700000000.123456789|60|1500|eth0||\n",
		"1700000000.123456790|60|1500|eth0|from the file,pid=42 comm=curl|0x00000002\n",
		"0.000000000|0|9|unknown||\n",
	};
	char path[] = "/tmp/socklens-test-XXXXXX", command[512], line[512];
	int fd = mkstemp(path);
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	if (system("tshark --version >/dev/null 2>&1")) {
		print_message("skipped: no tshark\n");
		unlink(path);
		skip();
	}
	write_sample(fd);
	snprintf(command, sizeof(command), TSHARK, path);
	f = popen(command, "r");
	assert_non_null(f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_non_null(fgets(line, sizeof(line), f));
		assert_string_equal(line, rows[i]);
	}
	assert_null(fgets(line, sizeof(line), f));
	pclose(f);
	unlink(path);
}

/* Many packets, some larger than the buffer, survive its flushes. */
static void test_large(void **state)
{
	enum { PACKETS = 5000, LARGE = 1 << 20 };
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct source_interface i = {.linktype = 1};
	uint8_t *large = calloc(1, LARGE);
	struct pcapng_writer *w;
	struct frame_sums t = {0};
	struct source *s;
	struct err e = {""};
	uint64_t bytes = 0;

	(void)state;
	assert_int_equal(pcapng_writer_new(&w, dup(fd), "test"), 0);
	assert_int_equal(pcapng_writer_interface(w, &i), 0);
	for (uint32_t k = 0; k < PACKETS; k++) {
		uint32_t n = k % 1000 == 999 ? LARGE : k % 300;
		struct frame f = {.data = large, .caplen = n, .wirelen = n, .time_ns = k};

		assert_int_equal(pcapng_writer_frame(w, 0, &f, NULL), 0);
		bytes += n;
	}
	assert_int_equal(pcapng_writer_free(w, &e), 0);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(file_source_new(&s, fd, "recording", NULL, &e), 0);
	assert_int_equal(sum_all(s, &t, &e), -ENODATA);
	assert_int_equal(t.frames, PACKETS);
	assert_int_equal(t.captured, bytes);
	assert_int_equal(t.last_ns, PACKETS - 1);
	source_free(s);
	free(large);
}

static void test_full_disk(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct source_interface i = {.linktype = 1};
	struct pcapng_writer *w;
	struct err e;

	(void)state;
	assert_int_equal(pcapng_writer_new(&w, fd, "test"), 0);
	assert_int_equal(pcapng_writer_flush(w), -ENOSPC);
	assert_int_equal(pcapng_writer_interface(w, &i), -ENOSPC);
	assert_int_equal(pcapng_writer_free(w, &e), -ENOSPC);
	assert_string_equal(e.text,
			    "the recording is cut off after 0 bytes: No space left on device");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_reader),
		cmocka_unit_test(test_tshark),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
