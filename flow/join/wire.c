/* SPDX-License-Identifier: MIT */
#include "flow/join/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

enum {
	FRAMES_DEFAULT = 1 << 16,
	BUCKETS = 1 << 14,
	LOOK_MAX = 8192, /* frames looked at for one call */
	SLACK_NS = 1000, BYTES_SLACK_NS = 50000,
};

struct wire_frame {
	int64_t time_ns;
	struct addr src, dst;
	uint64_t before; /* number + 1 of the frame before it in its bucket; 0 = none */
	uint32_t seq, bytes;
	uint16_t src_port, dst_port;
	uint8_t proto, tcp_flags;
	bool sent_claimed, read_claimed; /* UDP: a call has it */
};

struct wire {
	struct wire_frame *frames; /* owned */
	uint32_t mask;
	uint64_t count;		   /* frames ever */
	uint64_t newest[BUCKETS];  /* number + 1; 0 = none */
};

struct wire *wire_new(uint32_t max_frames)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	max_frames = max_frames ? max_frames : FRAMES_DEFAULT;
	w->mask = max_frames - 1;
	w->frames = calloc(max_frames, sizeof(*w->frames));
	if (!w->frames) {
		free(w);
		return NULL;
	}
	return w;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	free(w->frames);
	free(w);
}

/* Ports alone: an unbound socket does not know its own address. Strangers make chains, not mistakes. */
static uint64_t *bucket(struct wire *w, uint8_t proto, uint16_t src_port, uint16_t dst_port)
{
	uint32_t x = ((uint32_t)src_port << 16 | dst_port) + proto;

	return &w->newest[x * 2654435761u >> 18 & (BUCKETS - 1)];
}

static struct wire_frame *frame_at(struct wire *w, uint64_t number)
{
	return &w->frames[number & w->mask];
}

static void remember(struct wire *w, const struct packet *p)
{
	struct wire_frame *f = frame_at(w, w->count);
	uint64_t *newest = bucket(w, p->proto, p->src_port, p->dst_port);

	*f = (struct wire_frame){
		.time_ns = p->time_ns,
		.src = p->src,
		.dst = p->dst,
		.before = *newest,
		.seq = p->has_tcp ? p->tcp.seq : 0,
		.bytes = p->payload_bytes,
		.src_port = p->src_port,
		.dst_port = p->dst_port,
		.proto = p->proto,
		.tcp_flags = p->has_tcp ? p->tcp.flags : 0,
	};
	*newest = ++w->count;
}

void wire_packets(struct wire *w, const struct packet *packets, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct packet *p = &packets[i];

		if (p->other == PACKET_IN_FLOW && p->has_ports &&
		    (p->has_tcp || p->proto == PROTO_UDP))
			remember(w, p);
	}
}

/* --- what a call looks for -------------------------------------------------------------------- */

struct search {
	const struct call_event *c;
	struct endpoint local, remote;
	int64_t entered_ns, left_ns;
	uint8_t way;
	uint8_t tcp_flags; /* any of these instead of bytes */
};

#define BIT(call) (1ull << (call))

static bool is_among(unsigned call, uint64_t set)
{
	return call < 64 && set >> call & 1;
}

static enum call_way way_of(unsigned call)
{
	const uint64_t out = BIT(CALL_SENDTO) | BIT(CALL_SENDMSG) | BIT(CALL_SENDMMSG) |
			     BIT(CALL_WRITE) | BIT(CALL_WRITEV) | BIT(CALL_PWRITE64) |
			     BIT(CALL_PWRITEV) | BIT(CALL_PWRITEV2) | BIT(CALL_SENDFILE) |
			     BIT(CALL_SPLICE) | BIT(CALL_ASYNC_SEND) | BIT(CALL_CONNECT) |
			     BIT(CALL_SHUTDOWN) | BIT(CALL_CLOSE);
	const uint64_t in = BIT(CALL_RECVFROM) | BIT(CALL_RECVMSG) | BIT(CALL_RECVMMSG) |
			    BIT(CALL_READ) | BIT(CALL_READV) | BIT(CALL_PREAD64) |
			    BIT(CALL_PREADV) | BIT(CALL_PREADV2) | BIT(CALL_ASYNC_RECV);

	return is_among(call, out) ? CALL_WAY_OUT : is_among(call, in) ? CALL_WAY_IN : CALL_WAY_NONE;
}

static uint8_t flags_of(unsigned call)
{
	if (call == CALL_CONNECT)
		return TCP_SYN;
	return call == CALL_CLOSE || call == CALL_SHUTDOWN ? TCP_FIN | TCP_RST : 0;
}

/* Clocks agree to a microsecond or so; bytes have numbers and need no such care. */
static int64_t slack_ns(const struct search *s)
{
	return s->c->flags & CALL_FLAG_BYTES ? BYTES_SLACK_NS : SLACK_NS;
}

static bool search_init(struct search *s, const struct call_event *c)
{
	const struct sock_event *ev = &c->ev;

	*s = (struct search){
		.c = c,
		.local = {addr_v6(ev->local), ev->local_port},
		.entered_ns = (int64_t)(ev->time_ns - ev->call.duration_ns),
		.left_ns = (int64_t)ev->time_ns,
		.way = way_of(ev->call.call),
		.tcp_flags = flags_of(ev->call.call),
	};
	call_remote(&s->remote, c);
	if (!s->way || !s->local.port || !s->remote.port)
		return false;
	if (ev->proto == PROTO_TCP)
		return s->tcp_flags || c->flags & CALL_FLAG_BYTES;
	return ev->proto == PROTO_UDP && !s->tcp_flags && ev->call.result > 0;
}

static bool is_end(const struct endpoint *end, const struct addr *a, uint16_t port)
{
	return end->port == port && (addr_is_any(&end->addr) || addr_eq(&end->addr, a));
}

static bool is_between(const struct search *s, const struct wire_frame *f)
{
	const struct endpoint *from = s->way == CALL_WAY_OUT ? &s->local : &s->remote;
	const struct endpoint *to = s->way == CALL_WAY_OUT ? &s->remote : &s->local;

	return f->proto == s->c->ev.proto && is_end(from, &f->src, f->src_port) &&
	       is_end(to, &f->dst, f->dst_port);
}

/* Sent after the call began, or read before it returned. */
static bool is_timely(const struct search *s, const struct wire_frame *f)
{
	return s->way == CALL_WAY_OUT ? f->time_ns >= s->entered_ns - slack_ns(s) :
					f->time_ns <= s->left_ns + slack_ns(s);
}

static bool carries(const struct search *s, const struct wire_frame *f)
{
	const struct call_event *c = s->c;

	if (s->tcp_flags)
		return f->tcp_flags & s->tcp_flags;
	return f->bytes && (int32_t)(f->seq - c->seq_end) < 0 &&
	       (int32_t)(f->seq + f->bytes - c->seq) > 0;
}

static void add_frame(struct call_frames *out, const struct search *s, const struct wire_frame *f)
{
	bool first = !out->count++;
	int64_t delay_ns = s->way == CALL_WAY_OUT ? f->time_ns - s->entered_ns :
						    s->left_ns - f->time_ns;

	if (first || delay_ns < out->delay_ns)
		out->delay_ns = delay_ns;
	out->bytes += f->bytes;
	out->way = s->way;
}

/* --- the search ------------------------------------------------------------------------------- */

/* The frame before this one in its bucket, unless it has been overwritten. */
static struct wire_frame *step(struct wire *w, uint64_t number)
{
	if (!number || w->count - (number - 1) > w->mask)
		return NULL;
	return frame_at(w, number - 1);
}

static void find_segments(struct wire *w, const struct search *s, uint64_t newest,
			  struct call_frames *out)
{
	struct wire_frame *f = step(w, newest);

	for (unsigned i = 0; f && i < LOOK_MAX; i++, f = step(w, f->before))
		if (is_between(s, f) && is_timely(s, f) && carries(s, f))
			add_frame(out, s, f);
}

/* The oldest datagram of that length that no call has yet. */
static void find_datagram(struct wire *w, const struct search *s, uint64_t newest,
			  struct call_frames *out)
{
	struct wire_frame *f = step(w, newest), *best = NULL;
	bool sent = s->way == CALL_WAY_OUT;

	for (unsigned i = 0; f && i < LOOK_MAX; i++, f = step(w, f->before))
		if (is_between(s, f) && is_timely(s, f) && f->bytes == s->c->ev.call.result &&
		    !(sent ? f->sent_claimed : f->read_claimed))
			best = f;
	if (!best)
		return;
	if (sent)
		best->sent_claimed = true;
	else
		best->read_claimed = true;
	add_frame(out, s, best);
}

void wire_find(struct wire *w, const struct call_event *c, struct call_frames *out)
{
	struct search s;
	uint64_t newest;

	*out = (struct call_frames){.way = CALL_WAY_NONE};
	if (!search_init(&s, c))
		return;
	newest = s.way == CALL_WAY_OUT ?
			 *bucket(w, (uint8_t)c->ev.proto, s.local.port, s.remote.port) :
			 *bucket(w, (uint8_t)c->ev.proto, s.remote.port, s.local.port);
	if (c->ev.proto == PROTO_TCP)
		find_segments(w, &s, newest, out);
	else
		find_datagram(w, &s, newest, out);
}
