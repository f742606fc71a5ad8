/* SPDX-License-Identifier: MIT */
#include "flow/rows/socket_fill.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/vis.h"

/* Totals come each second: without new ones for longer, nothing has moved. */
#define QUIET_NS 2000000000ll

/* --- names of numbers --- */

struct number_name {
	int number;
	const char *name;
};

static const struct number_name families[] = {
	{AF_UNIX, "unix"},
	{AF_INET, "inet"},
	{AF_INET6, "inet6"},
	{AF_NETLINK, "netlink"},
	{AF_PACKET, "packet"},
	{AF_VSOCK, "vsock"},
	{AF_XDP, "xdp"},
	{AF_ALG, "alg"},
	{AF_BLUETOOTH, "bluetooth"},
	{0, NULL},
};

static const struct number_name types[] = {
	{SOCK_STREAM, "stream"},
	{SOCK_DGRAM, "datagram"},
	{SOCK_RAW, "raw"},
	{SOCK_RDM, "rdm"},
	{SOCK_SEQPACKET, "seqpacket"},
	{SOCK_PACKET, "packet"},
	{0, NULL},
};

/* As in the kernel (net/tcp_states.h). */
static const struct number_name tcp_states[] = {
	{1, "established"}, {2, "syn_sent"},  {3, "syn_recv"}, {4, "fin_wait1"},
	{5, "fin_wait2"},   {6, "time_wait"}, {7, "close"},    {8, "close_wait"},
	{9, "last_ack"},    {10, "listen"},   {11, "closing"}, {12, "new_syn_recv"},
	{0, NULL},
};

static void put_name(char *out, size_t cap, const struct number_name *names, int number)
{
	out[0] = '\0';
	for (; names->name; names++)
		if (names->number == number)
			snprintf(out, cap, "%s", names->name);
	if (!out[0] && number)
		snprintf(out, cap, "%d", number);
}

static void put_proto(char *out, size_t cap, const struct socket *s)
{
	bool inet = s->family == AF_INET || s->family == AF_INET6;
	const char *name = inet ? proto_name(s->proto) : NULL;

	snprintf(out, cap, "%s", name ? name : "");
	if (inet && !name && s->proto)
		snprintf(out, cap, "%u", s->proto);
}

static void put_state(char *out, size_t cap, const struct socket *s)
{
	if (s->failed)
		snprintf(out, cap, "failed");
	else if (s->death_ns)
		snprintf(out, cap, "closed");
	else if (s->listener)
		snprintf(out, cap, "listen");
	else if (s->proto == IPPROTO_TCP)
		put_name(out, cap, tcp_states, s->tcp_state);
	else if (s->remote.port)
		snprintf(out, cap, "connected");
	else
		snprintf(out, cap, s->local.port ? "bound" : "open");
}

/* --- ends --- */

static void fill_end(struct socket_end_row *row, const struct endpoint *e)
{
	row->address[0] = row->ip[0] = row->path[0] = '\0';
	row->port = ROW_ABSENT;
	if (!e->port)
		return;
	endpoint_format(row->address, e);
	addr_format(row->ip, &e->addr);
	row->port = e->port;
}

/* An abstract name begins with NUL, which everybody writes as @; any other ends at one. */
static void fill_name(struct socket_end_row *row, const struct unix_facts *un)
{
	bool abstract = un->name_len && !un->name[0];

	if (abstract) {
		row->path[0] = '@';
		vis(row->path + 1, sizeof(row->path) - 1, un->name + 1, un->name_len - 1u);
	} else {
		vis_str(row->path, sizeof(row->path), un->name, un->name_len);
	}
	snprintf(row->address, sizeof(row->address), "%s", row->path);
}

static void fill_peer(struct socket_row *row, const struct identities *known,
		      const struct socket *s, const struct socket *peer)
{
	const struct socket_owner *user = peer ? socket_user(peer, INT64_MAX) : NULL;
	const struct process *p;

	row->peer.pid = ROW_ABSENT;
	row->peer.name[0] = '\0';
	if (s->un)
		fill_name(s->un->of_peer ? &row->remote : &row->local, s->un);
	if (peer && peer->un && !peer->un->of_peer && !row->remote.path[0])
		fill_name(&row->remote, peer->un);
	if (user && !user->provisional) {
		row->peer.pid = user->pid;
		vis_str(row->peer.name, sizeof(row->peer.name), user->comm, sizeof(user->comm));
	} else if (s->un && s->un->peer_pid) {
		row->peer.pid = s->un->peer_pid;
		p = process_table_find(known->processes, s->un->peer_pid, INT64_MAX);
		if (p)
			vis_str(row->peer.name, sizeof(row->peer.name), p->comm, sizeof(p->comm));
	}
}

/* --- owners --- */

static void fill_owner(struct owner_row *row, const struct socket_owner *o)
{
	row->pid = o->pid;
	row->tid = o->tid ? o->tid : ROW_ABSENT;
	row->uid = o->uid;
	row->fd = o->fd < 0 ? ROW_ABSENT : o->fd;
	row->from_ns = o->from_ns ? o->from_ns : ROW_ABSENT;
	row->until_ns = o->until_ns ? o->until_ns : ROW_ABSENT;
	row->acted = !o->existing;
	vis_str(row->name, sizeof(row->name), o->comm, sizeof(o->comm));
}

/* A listener's identity is only a guess about who will accept: it is no owner. */
static void fill_owners(struct owner_rows *rows, const struct owner_list *l)
{
	rows->count = 0;
	for (unsigned i = 0; i < l->count; i++)
		if (!l->owner[i].provisional)
			fill_owner(&rows->row[rows->count++], &l->owner[i]);
}

static void fill_process(struct process_row *row, const struct identities *known,
			 const struct socket *s, int64_t now_ns)
{
	const struct socket_owner *user = socket_user(s, s->death_ns ? s->death_ns : now_ns);

	process_row_absent(row, UNBOUND_NO_OWNER);
	row->netns = s->netns ? (int64_t)s->netns : ROW_ABSENT;
	if (!user || user->provisional)
		return;
	row->match = user->existing ? MATCH_SNAPSHOT : MATCH_EXACT;
	row->reason = UNBOUND_NONE;
	process_row_fill(row, known, s, user);
}

/* --- numbers --- */

int64_t socket_rate_bps(const struct socket *s, int64_t bps, int64_t now_ns)
{
	if (!s->has_totals)
		return ROW_ABSENT;
	return now_ns - s->totals_ns < QUIET_NS ? bps : 0;
}

/* None of it is known before totals were told. */
static void fill_totals(struct socket_row *row, const struct socket *s, int64_t now_ns)
{
	bool known = s->has_totals, tcp = known && s->proto == IPPROTO_TCP && !s->listener;
	bool backlog = s->listener && s->info.time_ns;

#define NUMBER(to, from, when) row->to = (when) ? (int64_t)(from) : ROW_ABSENT
	NUMBER(io.written_bytes, s->tx_bytes, known);
	NUMBER(io.read_bytes, s->rx_bytes, known);
	NUMBER(io.write_calls, s->tx_calls, known);
	NUMBER(io.read_calls, s->rx_calls, known);
	NUMBER(io.write_errors, s->tx_errors, known);
	NUMBER(io.read_errors, s->rx_errors, known);
	NUMBER(drops, s->drops, known);
	NUMBER(queue.unread_bytes, s->unread_bytes, tcp);
	NUMBER(queue.unsent_bytes, s->unsent_bytes, tcp);
	NUMBER(queue.backlog, s->info.backlog, backlog);
	NUMBER(queue.backlog_max, s->info.backlog_max, backlog);
	NUMBER(tcp.acked_bytes, s->acked_bytes, tcp);
	NUMBER(tcp.arrived_bytes, s->received_bytes, tcp);
	NUMBER(tcp.retransmits, s->retransmits, tcp);
	NUMBER(tcp.srtt_ns, s->srtt_us * 1000ll, tcp && s->srtt_us);
#undef NUMBER
	row->io.written_bps = socket_rate_bps(s, s->tx_bps, now_ns);
	row->io.read_bps = socket_rate_bps(s, s->rx_bps, now_ns);
}

static void fill_times(struct socket_row *row, const struct socket *s, int64_t now_ns)
{
	int64_t start_ns = s->stand_in ? 0 : s->birth_ns;
	int64_t end_ns = s->death_ns ? s->death_ns : now_ns;

	row->closed = s->death_ns != 0;
	row->start_ns = start_ns ? start_ns : ROW_ABSENT;
	row->end_ns = s->death_ns ? s->death_ns : ROW_ABSENT;
	row->duration_ns = start_ns && end_ns >= start_ns ? end_ns - start_ns : ROW_ABSENT;
}

void socket_row_fill(struct socket_row *row, const struct identities *known, const struct socket *s,
		     const struct socket *peer, struct slab_id id, int64_t now_ns)
{
	const char *error = s->error ? strerrorname_np((int)s->error) : NULL;

	row->id = (uint64_t)id.slot << 32 | id.generation;
	row->cookie = s->no_cookie || s->stand_in ? ROW_ABSENT : (int64_t)s->cookie;
	put_name(row->family, sizeof(row->family), families, s->family);
	put_name(row->type, sizeof(row->type), types, s->type);
	put_proto(row->proto, sizeof(row->proto), s);
	put_state(row->state, sizeof(row->state), s);
	fill_times(row, s, now_ns);
	fill_end(&row->local, &s->local);
	fill_end(&row->remote, &s->remote);
	fill_process(&row->process, known, s, now_ns);
	fill_owners(&row->owners, &s->owners);
	fill_peer(row, known, s, peer);
	row->peers = s->peers;
	row->flows = s->flows;
	row->failures = s->failures;
	fill_totals(row, s, now_ns);
	snprintf(row->error, sizeof(row->error), "%s", error ? error : "");
}
