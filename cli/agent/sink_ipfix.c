/* SPDX-License-Identifier: MIT
 *
 * Parts of flows to an IPFIX collector, over UDP or TCP (RFC 7011). The engine's thread makes the
 * messages; this sink's thread stamps them with the time and the sequence number as they leave, so
 * that a message that was dropped leaves no gap that the collector would count as lost on the way.
 *
 * UDP (RFC 7011 8.4, 10.3): templates come again, and datagrams leave in small bursts, since a
 * collector's socket holds few. A refused datagram is sent once more when the collector is back.
 * TCP: templates once a connection, whose sequence begins at 0.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/agent/sink.h"
#include "cli/agent/target.h"
#include "report/ipfix.h"

enum { BURST = 8, STEP_MS = 50, REFUSAL_MS = 100, IN_FLIGHT_MAX = 4096, SEND_BUFFER = 128 << 10 };
#define TEMPLATES_NS 60000000000ll

/* What was written to a connection and perhaps not acknowledged yet. */
struct in_flight {
	uint64_t end; /* of the message, in bytes since the connection began */
	uint32_t records;
};

/* The thread's side. */
struct wire {
	int fd; /* -1 = none */
	uint32_t sequence;
	unsigned burst, since_templates;
	int64_t templates_ns; /* when they were sent last */
	uint64_t written;
	struct in_flight flight[IN_FLIGHT_MAX]; /* the newest, round and round */
	unsigned flights;
	uint8_t last[IPFIX_MESSAGE_MAX]; /* UDP: the datagram before, which may have been refused */
	size_t last_len;
	bool refused;
};

struct ipfix_sink {
	struct sender sender;
	struct target target;
	uint32_t domain;
	struct ipfix message; /* the engine's side */
	struct wire wire;
};

/* --- the thread: writing ---------------------------------------------------------------------- */

static bool give_up(void *ctx)
{
	return sender_must_end(ctx);
}

/* A collector says nothing: what can be read is the end. */
static bool has_left(const struct ipfix_sink *s)
{
	char byte;
	ssize_t n = recv(s->wire.fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);

	return n == 0 || (n < 0 && errno != EAGAIN);
}

/* All of it, however slowly it is taken. */
static int write_all(struct ipfix_sink *s, const uint8_t *bytes, size_t len)
{
	struct pollfd p = {.fd = s->wire.fd, .events = POLLOUT};

	while (len) {
		ssize_t n = send(s->wire.fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return errno == EPIPE ? -ECONNRESET : -errno;
		if (n < 0 && sender_must_end(&s->sender))
			return -ETIMEDOUT;
		if (n < 0)
			poll(&p, 1, STEP_MS);
		else
			bytes += n, len -= (size_t)n;
	}
	return 0;
}

static int write_message(struct ipfix_sink *s, uint8_t *message, size_t len, uint32_t records)
{
	struct wire *w = &s->wire;
	int status;

	ipfix_stamp(message, (uint32_t)(clock_now_wall_ns() / 1000000000), w->sequence, s->domain);
	status = write_all(s, message, len);
	if (status)
		return status;
	w->sequence += records;
	w->written += len;
	w->flight[w->flights++ % IN_FLIGHT_MAX] = (struct in_flight){w->written, records};
	return 0;
}

static int write_templates(struct ipfix_sink *s)
{
	struct ipfix templates;
	size_t len = ipfix_templates(&templates);

	s->wire.since_templates = 0;
	s->wire.templates_ns = clock_now_mono_ns();
	return write_message(s, templates.message, len, 0);
}

static bool templates_are_due(const struct ipfix_sink *s)
{
	return !s->target.tcp && (s->wire.since_templates >= IPFIX_TEMPLATES_EVERY ||
				  clock_now_mono_ns() - s->wire.templates_ns >= TEMPLATES_NS);
}

/* --- the thread: as the sender asks ----------------------------------------------------------- */

/* Nobody there is told by the network a moment after the first datagram. */
static int wait_for_refusal(const struct ipfix_sink *s)
{
	struct pollfd p = {.fd = s->wire.fd};
	socklen_t len = sizeof(int);
	int error = 0;

	if (poll(&p, 1, REFUSAL_MS) > 0)
		getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return -error;
}

static int again_what_was_refused(struct ipfix_sink *s)
{
	bool refused = s->wire.refused;

	s->wire.refused = false;
	return refused ? write_all(s, s->wire.last, s->wire.last_len) : 0;
}

static int wire_open(void *ctx)
{
	struct ipfix_sink *s = ctx;
	struct wire *w = &s->wire;
	int room = SEND_BUFFER,
	    status; /* what waits is to wait in the queue, where it is counted */

	w->fd = target_connect(&s->target, give_up, &s->sender);
	if (w->fd < 0)
		return w->fd;
	setsockopt(w->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	w->written = 0;
	w->flights = 0;
	if (s->target.tcp)
		w->sequence = 0;
	status = write_templates(s);
	if (status == 0 && !s->target.tcp)
		status = wait_for_refusal(s);
	if (status == 0 && !s->target.tcp)
		status = again_what_was_refused(s);
	if (status < 0) {
		close(w->fd);
		w->fd = -1;
	}
	return status;
}

static void keep_pace(struct wire *w)
{
	static const struct timespec moment = {.tv_nsec = 1000000};

	if (++w->burst % BURST == 0)
		nanosleep(&moment, NULL);
}

static int wire_send(void *ctx, const struct queue_item *item)
{
	struct ipfix_sink *s = ctx;
	struct wire *w = &s->wire;
	uint8_t message[IPFIX_MESSAGE_MAX];
	int status = 0;

	if (s->target.tcp && has_left(s))
		return -ECONNRESET;
	if (templates_are_due(s))
		status = write_templates(s);
	memcpy(message, item->bytes, item->len);
	if (status == 0)
		status = write_message(s, message, item->len, item->records);
	w->refused = status == -ECONNREFUSED && w->last_len; /* the one before, that is */
	if (status || s->target.tcp)
		return status;
	memcpy(w->last, message, item->len);
	w->last_len = item->len;
	w->since_templates++;
	keep_pace(w);
	return 0;
}

static void wire_idle(void *ctx)
{
	struct ipfix_sink *s = ctx;

	if (s->target.tcp && has_left(s))
		sender_reopen(&s->sender);
	if (templates_are_due(s))
		write_templates(s); /* refused or not: the next message will tell */
}

/* Of TCP the kernel says how much was never acknowledged. */
static uint64_t wire_close(void *ctx)
{
	struct wire *w = &((struct ipfix_sink *)ctx)->wire;
	bool tcp = ((struct ipfix_sink *)ctx)->target.tcp;
	uint64_t lost = 0;
	int unacknowledged = 0;

	if (tcp && has_left(ctx) && ioctl(w->fd, SIOCOUTQ, &unacknowledged) == 0)
		for (unsigned i = 0; i < w->flights && i < IN_FLIGHT_MAX; i++)
			if (w->flight[i].end + (uint64_t)unacknowledged > w->written)
				lost += w->flight[i].records;
	close(w->fd);
	w->fd = -1;
	return lost;
}

static const struct sender_ops to_wire = {wire_open, wire_send, wire_idle, wire_close};

/* --- the engine's side ------------------------------------------------------------------------ */

static int ipfix_sink_open(void **self, const struct sink_options *o, struct err *e)
{
	struct ipfix_sink *s = calloc(1, sizeof(*s));
	int status = s ? 0 : err_set(e, -ENOMEM, "out of memory");

	if (status == 0)
		status = target_parse(&s->target, "--ipfix", o->argument, e);
	if (status == 0 && !*s->target.host)
		status = err_set(e, -EINVAL, "--ipfix %s: give the collector's address as well",
				 o->argument);
	if (status == 0)
		status = sender_init(&s->sender, &to_wire, s, o->queue_bytes, o->patience, e);
	if (status < 0) {
		free(s);
		return status;
	}
	s->domain = o->domain;
	s->wire.fd = -1;
	ipfix_init(&s->message, o->domain);
	s->message.bare = true;
	*self = s;
	return 0;
}

static int ipfix_sink_start(void *self, struct err *e)
{
	struct ipfix_sink *s = self;

	return sender_start(&s->sender, e);
}

static void ipfix_sink_flush(void *self)
{
	struct ipfix_sink *s = self;
	uint32_t records = s->message.records;
	size_t len = ipfix_take(&s->message);

	if (len)
		sender_put(&s->sender, s->message.message, len, records);
}

static void ipfix_sink_part(void *self, const struct part *p)
{
	struct ipfix_sink *s = self;

	if (part_is_empty(p) || ipfix_add(&s->message, p))
		return;
	ipfix_sink_flush(s);
	ipfix_add(&s->message, p); /* an empty message has room for any record */
}

static void ipfix_sink_end(void *self, const struct summary_row *sum)
{
	(void)sum;
	ipfix_sink_flush(self);
}

static void ipfix_sink_reopen(void *self)
{
	struct ipfix_sink *s = self;

	sender_reopen(&s->sender);
}

static void ipfix_sink_stop(void *self)
{
	struct ipfix_sink *s = self;

	sender_stop(&s->sender);
}

static void ipfix_sink_stats(void *self, struct metrics_sink *out)
{
	struct ipfix_sink *s = self;

	sender_stats(&s->sender, out);
}

static void ipfix_sink_close(void *self)
{
	struct ipfix_sink *s = self;

	sender_done(&s->sender);
	free(s);
}

const struct sink_ops sink_ipfix = {
	.name = "ipfix",
	.open = ipfix_sink_open,
	.start = ipfix_sink_start,
	.part = ipfix_sink_part,
	.flush = ipfix_sink_flush,
	.end = ipfix_sink_end,
	.reopen = ipfix_sink_reopen,
	.stop = ipfix_sink_stop,
	.stats = ipfix_sink_stats,
	.close = ipfix_sink_close,
};
