/* SPDX-License-Identifier: MIT
 *
 * Capturing on loopback what the test itself sends there; needs the privilege to capture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/interfaces.h"
#include "capture/source.h"

enum { PACKETS = 50, PORT = 47113, PAYLOAD = 100 };
#define FILTER "udp dst port 47113"

static void need_privilege(void)
{
	struct source_live_options o = {.interface = "lo"};
	struct source *s;

	if (source_open_live(&s, &o, NULL) == -EPERM) {
		print_message("skipped: no privilege to capture\n");
		skip();
	}
	source_free(s);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void send_packets(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	char payload[PAYLOAD] = "live";
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (unsigned i = 0; i < PACKETS; i++)
		sendto(fd, payload, sizeof(payload), 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

struct seen {
	unsigned frames, wrong;
	int64_t from_ns;
	uint32_t wirelen;
};

static void check(void *ctx, const struct frame *frames, unsigned n)
{
	struct seen *t = ctx;

	for (unsigned i = 0; i < n; i++) {
		t->frames++;
		t->wrong += frames[i].wirelen != t->wirelen || frames[i].caplen != t->wirelen ||
			    frames[i].time_ns < t->from_ns || frames[i].time_ns > now_ns();
	}
}

/* Waits as the engine does, at most two seconds. */
static void read_packets(struct source *s, struct seen *t)
{
	int64_t until = now_ns() + 2000000000;

	while (t->frames < PACKETS && now_ns() < until) {
		struct pollfd p = {.fd = source_fd(s), .events = POLLIN};

		poll(&p, 1, 100);
		assert_true(source_read(s, 1000, check, t, NULL) >= 0);
	}
}

static void capture_own(const char *interface, uint16_t linktype, uint32_t link_header)
{
	struct source_live_options o = {.interface = interface, .filter = FILTER};
	/* The kernel's stamp is taken with a coarser view of the clock than ours: allow 1 ms. */
	struct seen t = {.from_ns = now_ns() - 1000000, .wirelen = link_header + 20 + 8 + PAYLOAD};
	struct loss loss = {{0}};
	struct source_stats stats;
	struct source *s;
	struct err e = {""};

	if (source_open_live(&s, &o, &e))
		fail_msg("%s", e.text);
	assert_true(source_is_live(s));
	assert_string_equal(source_name(s), interface);
	assert_int_equal(source_interface(s, 0)->linktype, linktype);
	assert_int_equal(source_read(s, 10, check, &t, &e), 0);
	send_packets();
	read_packets(s, &t);
	assert_int_equal(t.frames, PACKETS);
	assert_int_equal(t.wrong, 0);
	source_stats(s, &stats);
	assert_int_equal(stats.frames, PACKETS);
	source_loss(s, &loss);
	assert_int_equal(loss.count[LOSS_KERNEL], 0);
	source_free(s);
}

static void test_loopback(void **state)
{
	(void)state;
	need_privilege();
	capture_own("lo", 1, 14);
}

/* LINKTYPE_LINUX_SLL2 */
static void test_any(void **state)
{
	(void)state;
	need_privilege();
	capture_own("any", 276, 20);
}

static void test_snap_length(void **state)
{
	struct source_live_options o = {.interface = "lo", .filter = FILTER, .snaplen = 64};
	struct seen t = {.wirelen = 142};
	struct source *s;

	(void)state;
	need_privilege();
	assert_int_equal(source_open_live(&s, &o, NULL), 0);
	send_packets();
	read_packets(s, &t);
	assert_int_equal(t.frames, PACKETS);
	assert_int_equal(t.wrong, PACKETS); /* each was cut */
	source_free(s);
}

static void test_errors(void **state)
{
	struct source_live_options missing = {.interface = "no-such\x1b"};
	struct source_live_options filter = {.interface = "lo", .filter = "tcp prot 80"};
	struct source *s = NULL;
	struct err e = {""};

	(void)state;
	need_privilege();
	assert_int_equal(source_open_live(&s, &missing, &e), -ENODEV);
	assert_non_null(
		strstr(e.text, "cannot capture on no-such\\x1b: there is no such interface"));
	assert_int_equal(source_open_live(&s, &filter, &e), -EINVAL);
	assert_non_null(strstr(e.text, "wrong filter: "));
	assert_null(s);
}

struct listing {
	unsigned loopback, any;
};

static void note_interface(void *ctx, const struct interface_info *i)
{
	struct listing *l = ctx;

	if (!strcmp(i->name, "lo")) {
		assert_true(i->loopback);
		assert_non_null(strstr(i->addresses, "127.0.0.1"));
		l->loopback++;
	}
	l->any += !strcmp(i->name, "any");
}

static void test_interfaces(void **state)
{
	struct listing l = {0};
	struct err e = {""};

	(void)state;
	assert_int_equal(interfaces_list(note_interface, &l, &e), 0);
	assert_int_equal(l.loopback, 1);
	assert_int_equal(l.any, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback),    cmocka_unit_test(test_any),
		cmocka_unit_test(test_snap_length), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
