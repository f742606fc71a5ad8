/* SPDX-License-Identifier: MIT */
#include "flow/record_comment.h"

#include <stdio.h>
#include <string.h>

#include "base/vis.h"
#include "capture/source.h"
#include "flow/engine_private.h"
#include "flow/rows/process_row.h"
#include "flow/tags.h"

void record_known_clear(struct record_known *k)
{
	memset(k, 0, sizeof(*k));
}

/* --- whose it is ------------------------------------------------------------------------------ */

static const struct socket *socket_of(struct engine *en, const struct flow *f, int end)
{
	const struct binding *b = flow_binding(en->flows, f, end);

	return b->match ? socket_table_get(correlator_sockets(en->correlator), b->socket) : NULL;
}

static struct flow *flow_of(struct engine *en, const struct packet *p, int *sender)
{
	struct flow_key key;

	if (p->other != PACKET_IN_FLOW || !p->has_ports)
		return NULL;
	flow_key_of_packet(&key, sender, p);
	if (en->options.key_vlan || en->options.key_tunnel)
		key.scope = tags_scope(p, en->options.key_vlan, en->options.key_tunnel);
	return flow_table_find(en->flows, &key);
}

/* Without a socket on either side addresses may still tell on which side of us it was. */
static uint8_t direction_of(struct engine *en, const struct packet *p)
{
	const struct local_addrs *l = correlator_local_addrs(en->correlator);

	if (p->other != PACKET_IN_FLOW)
		return FRAME_DIR_UNKNOWN;
	if (local_addrs_anywhere(l, &p->src))
		return FRAME_DIR_OUT;
	return local_addrs_anywhere(l, &p->dst) ? FRAME_DIR_IN : FRAME_DIR_UNKNOWN;
}

/* --- what is said of it ----------------------------------------------------------------------- */

/* " key=value", whose blanks would end it. `text` is printable. */
static void put_word(char out[RECORD_COMMENT_MAX], const char *key, const char *text)
{
	size_t len = strlen(out);

	if (!*text || len + strlen(key) + 4 * strlen(text) + 3 >= RECORD_COMMENT_MAX)
		return;
	len += (size_t)sprintf(out + len, "%s%s=", len ? " " : "", key);
	for (; *text; text++) {
		if (*text == ' ')
			len += (size_t)sprintf(out + len, "\\x20");
		else
			out[len++] = *text;
	}
	out[len] = '\0';
}

static void put_number(char out[RECORD_COMMENT_MAX], const char *key, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)v);
	if (v != ROW_ABSENT)
		put_word(out, key, text);
}

static void put_short(struct record_comment *out, const struct socket_owner *o)
{
	char comm[VIS_MAX(SOCK_COMM_LEN) + 1];

	vis_str(comm, sizeof(comm), o->comm, sizeof(o->comm));
	put_number(out->text, "pid", o->pid);
	put_word(out->text, "comm", comm);
}

static void put_long(struct record_comment *out, struct engine *en, const struct socket *s,
		     const struct socket_owner *o)
{
	struct process_row row;

	process_row_absent(&row, UNBOUND_NONE);
	process_row_fill(&row, correlator_identities(en->correlator), s, o);
	put_number(out->text, "pid", row.pid);
	put_number(out->text, "tid", row.tid);
	put_word(out->text, "comm", row.name);
	put_number(out->text, "uid", row.uid);
	put_word(out->text, "user", row.user);
	put_word(out->text, "container", row.container);
	put_word(out->text, "exe", row.exe);
	put_word(out->text, "cmdline", row.cmdline);
}

static bool is_known(struct record_known *k, const struct flow *f, uint64_t id, int end)
{
	uint64_t *known = &k->flow[f->slot % RECORD_KNOWN][end];
	bool same = *known == id;

	*known = id;
	return same;
}

/* On loopback both ends are ours: each frame tells of who sent it. */
void record_comment(struct record_comment *out, struct record_known *k, struct engine *en,
		    const struct packet *p)
{
	const struct socket_owner *user = NULL;
	const struct socket *s = NULL;
	int sender = 0, end = 0;
	struct flow *f = flow_of(en, p, &sender);

	out->text[0] = '\0';
	out->pid = out->tid = 0;
	out->direction = direction_of(en, p);
	for (int i = 0; f && !user && i < 2; i++) {
		end = i ? !sender : sender;
		s = socket_of(en, f, end);
		user = s && s->in_scope ? socket_user(s, p->time_ns) : NULL;
	}
	if (!user)
		return;
	out->direction = end == sender ? FRAME_DIR_OUT : FRAME_DIR_IN;
	out->pid = user->pid;
	out->tid = user->tid;
	if (is_known(k, f, flow_id(en->flows, f), end))
		put_short(out, user);
	else
		put_long(out, en, s, user);
}
