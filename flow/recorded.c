/* SPDX-License-Identifier: MIT */
#include "flow/recorded.h"

#include <string.h>
#include <sys/socket.h>

#include "base/fmt.h"
#include "base/hash.h"
#include "base/vis.h"

enum { WORD_MAX = 64 };

/* Value of `key` (with its "=") among the words of a comment, as a C string. */
static bool word_value(char out[WORD_MAX], const struct frame *f, const char *key)
{
	size_t key_len = strlen(key), n = 0;
	const char *p = f->comment, *end = f->comment + f->comment_len;

	for (; (size_t)(end - p) > key_len; p++) {
		bool starts = p == f->comment || p[-1] == ' ' || p[-1] == '\n';

		if (starts && memcmp(p, key, key_len) == 0)
			break;
	}
	if ((size_t)(end - p) <= key_len)
		return false;
	for (p += key_len; p < end && *p != ' ' && *p != '\n' && n < WORD_MAX - 1; p++)
		out[n++] = *p;
	out[n] = '\0';
	return n > 0;
}

static uint32_t word_number(const struct frame *f, const char *key)
{
	char text[WORD_MAX];
	uint64_t v = 0;

	if (word_value(text, f, key))
		parse_u64(&v, text, UINT32_MAX);
	return (uint32_t)v;
}

static void set_ends(struct sock_event *ev, const struct packet *p, bool sent)
{
	const struct addr *local = sent ? &p->src : &p->dst, *remote = sent ? &p->dst : &p->src;

	memcpy(ev->local, local->b, sizeof(ev->local));
	memcpy(ev->remote, remote->b, sizeof(ev->remote));
	ev->local_port = sent ? p->src_port : p->dst_port;
	ev->remote_port = sent ? p->dst_port : p->src_port;
}

/* Recorded sockets have no cookie of their own: the process and its end of the tuple stand for it. */
static uint64_t stand_in_cookie(const struct sock_event *ev)
{
	struct {
		uint8_t local[16], remote[16];
		uint16_t local_port, remote_port;
		uint32_t proto;
	} id = {.local_port = ev->local_port, .remote_port = ev->remote_port, .proto = ev->proto};

	memcpy(id.local, ev->local, sizeof(id.local));
	memcpy(id.remote, ev->remote, sizeof(id.remote));
	return hash_bytes(&id, sizeof(id), 1) | 1;
}

bool recorded_event(struct sock_event *ev, const struct frame *f, const struct packet *p)
{
	char comm[WORD_MAX];

	if (!f->comment || f->direction == FRAME_DIR_UNKNOWN || !p->has_ports)
		return false;
	*ev = (struct sock_event){
		.time_ns = (uint64_t)f->time_ns,
		.kind = SOCK_EVENT_OPEN,
		.flags = SOCK_FLAG_STAND_IN,
		.type = p->proto == PROTO_TCP ? SOCK_STREAM : SOCK_DGRAM,
		.family = p->ip_version == 6 ? AF_INET6 : AF_INET,
		.proto = p->proto,
		.fd = -1,
		.pid = word_number(f, "pid="),
		.tid = word_number(f, "tid="),
		.uid = word_number(f, "uid="),
	};
	if (!ev->pid || !word_value(comm, f, "comm="))
		return false;
	unvis(ev->comm, sizeof(ev->comm), comm);
	set_ends(ev, p, f->direction == FRAME_DIR_OUT);
	ev->cookie = stand_in_cookie(ev);
	return true;
}
