/* SPDX-License-Identifier: MIT */
#include "flow/join/usage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/saturate.h"
#include "flow/rows/socket_fill.h"

enum { USAGE_MAX = 1 << 16 };

/* While it is made. */
struct maker {
	struct usage *u;
	const struct identities *known;
	struct hash_index index; /* id -> row */
	struct process_table *processes;
	int64_t now_ns;
	bool failed;
};

static bool id_eq(const void *owner, uint32_t n, const void *key)
{
	const struct usage *u = owner;

	return memcmp(&u->rows[n].id, key, sizeof(u->rows[n].id)) == 0;
}

static void begin_row(struct usage_row *row, uint64_t id)
{
	memset(row, 0, sizeof(*row));
	row->id = id;
	row->start_ns = row->last_ns = ROW_ABSENT;
	process_row_absent(&row->process, UNBOUND_NONE);
}

/* The row of an id, made if need be; NULL without memory. */
static struct usage_row *row_of(struct maker *m, uint64_t id)
{
	uint64_t hash = hash_mix(id, 0, 0);
	struct usage *u = m->u;
	uint32_t n = hash_index_find(&m->index, hash, id_eq, u, &id);

	if (n != HASH_NONE)
		return &u->rows[n];
	if (u->count == u->room) {
		uint32_t room = u->room ? 2 * u->room : 64;
		struct usage_row *rows = realloc(u->rows, room * sizeof(*rows));

		m->failed |= !rows;
		if (!rows)
			return NULL;
		u->rows = rows;
		u->room = room;
	}
	if (hash_index_insert(&m->index, hash, u->count))
		return NULL;
	begin_row(&u->rows[u->count], id);
	return &u->rows[u->count++];
}

/* In a capture a pid is all there is. */
static uint64_t id_of(const struct process *p, uint32_t pid)
{
	return p ? process_id(p) : (uint64_t)pid << 32;
}

static struct usage_row *row_of_user(struct maker *m, const struct socket *s,
				     const struct socket_owner *o)
{
	const struct process *p = process_table_find(m->processes, o->pid, o->from_ns);
	struct usage_row *row = row_of(m, id_of(p, o->pid));

	if (row && row->process.pid == ROW_ABSENT) {
		process_row_fill(&row->process, m->known, s, o);
		row->process.tid = row->process.fd = row->process.owners = ROW_ABSENT;
		if (p)
			row->start_ns = process_table_start_ns(m->processes, p);
	}
	return row;
}

static void later(int64_t *at, int64_t time_ns)
{
	if (time_ns > *at)
		*at = time_ns;
}

static void add_rates(struct usage_row *row, const struct socket *s, int64_t now_ns)
{
	int64_t written = socket_rate_bps(s, s->tx_bps, now_ns);
	int64_t read = socket_rate_bps(s, s->rx_bps, now_ns);

	row->written_bps = saturate_add(row->written_bps, written == ROW_ABSENT ? 0 : written);
	row->read_bps = saturate_add(row->read_bps, read == ROW_ABSENT ? 0 : read);
}

static void add_socket(struct maker *m, const struct socket *s)
{
	const struct socket_owner *user = socket_user(s, s->death_ns ? s->death_ns : m->now_ns);
	struct usage_row *row = user && !user->provisional ? row_of_user(m, s, user) : NULL;

	if (!row)
		return;
	later(&row->last_ns, s->totals_ns ? s->totals_ns : user->from_ns);
	row->sockets += !s->death_ns;
	row->listeners += !s->death_ns && s->listener;
	row->sockets_ever++;
	row->written_bytes = saturate_add(row->written_bytes, (int64_t)s->tx_bytes);
	row->read_bytes = saturate_add(row->read_bytes, (int64_t)s->rx_bytes);
	row->unread_bytes += s->unread_bytes;
	row->unsent_bytes += s->unsent_bytes;
	row->errors += s->tx_errors + s->rx_errors;
	row->failures += s->failures;
	row->drops += s->drops;
	row->retransmits += s->retransmits;
	add_rates(row, s, m->now_ns);
}

static void add_closed(void *ctx, const struct process *p)
{
	struct maker *m = ctx;
	struct usage_row *row = p->sockets_closed ? row_of(m, process_id(p)) : NULL;

	if (!row)
		return;
	if (row->process.pid == ROW_ABSENT) {
		process_row_of(&row->process, m->known, p);
		row->start_ns = process_table_start_ns(m->processes, p);
	}
	later(&row->last_ns, p->last_ns);
	row->sockets_ever += (int64_t)p->sockets_closed;
	row->written_bytes = saturate_add(row->written_bytes, (int64_t)p->written_bytes);
	row->read_bytes = saturate_add(row->read_bytes, (int64_t)p->read_bytes);
	row->errors += (int64_t)p->errors;
	row->failures += (int64_t)p->failures;
	row->drops += (int64_t)p->drops;
	row->retransmits += (int64_t)p->retransmits;
}

static void add_flow_end(struct maker *m, struct socket_table *sockets, struct flow_table *flows,
			 const struct flow *f, int end)
{
	const struct binding *b = flow_binding(flows, f, end);
	const struct socket *s = b->match ? socket_table_get(sockets, b->socket) : NULL;
	const struct socket_owner *user = s && s->in_scope ? socket_user(s, f->last_ns) : NULL;
	struct usage_row *row = user ? row_of_user(m, s, user) : NULL;

	if (!row)
		return;
	later(&row->last_ns, f->last_ns);
	row->flows++;
	row->sent_bytes += (int64_t)f->bytes[end];
	row->received_bytes += (int64_t)f->bytes[!end];
}

int usage_init(struct usage *u, struct correlator *c, struct flow_table *flows, int64_t now_ns)
{
	struct socket_table *sockets = correlator_sockets(c);
	struct maker m = {.u = u, .known = correlator_identities(c), .now_ns = now_ns};
	const struct socket *s;
	uint32_t slot = 0;

	*u = (struct usage){0};
	if (hash_index_init(&m.index, USAGE_MAX))
		return -ENOMEM;
	m.processes = m.known->processes;
	while ((s = socket_table_next(sockets, &slot, NULL)))
		if (s->in_scope)
			add_socket(&m, s);
	process_table_each(m.processes, add_closed, &m);
	for (struct flow *f = flow_table_next(flows, NULL); f; f = flow_table_next(flows, f))
		for (int end = 0; end < 2; end++)
			add_flow_end(&m, sockets, flows, f, end);
	hash_index_done(&m.index);
	return m.failed ? -ENOMEM : 0;
}

static void add_parent(struct maker *m, int64_t ppid)
{
	const struct process *p = process_table_find(m->processes, (uint32_t)ppid, INT64_MAX);
	struct usage_row *row = p ? row_of(m, process_id(p)) : NULL;

	if (!row || row->process.pid != ROW_ABSENT)
		return;
	process_row_of(&row->process, m->known, p);
	row->start_ns = process_table_start_ns(m->processes, p);
}

int usage_add_parents(struct usage *u, struct correlator *c)
{
	struct maker m = {.u = u, .known = correlator_identities(c)};

	if (hash_index_init(&m.index, USAGE_MAX))
		return -ENOMEM;
	m.processes = m.known->processes;
	for (uint32_t i = 0; i < u->count; i++)
		hash_index_insert(&m.index, hash_mix(u->rows[i].id, 0, 0), i);
	for (uint32_t i = 0; i < u->count; i++) /* theirs as well, as they come in */
		if (u->rows[i].process.ppid != ROW_ABSENT)
			add_parent(&m, u->rows[i].process.ppid);
	hash_index_done(&m.index);
	return m.failed ? -ENOMEM : 0;
}

void usage_done(struct usage *u)
{
	free(u->rows);
	*u = (struct usage){0};
}

const struct usage_row *usage_find(const struct usage *u, uint64_t id)
{
	for (uint32_t i = 0; i < u->count; i++)
		if (u->rows[i].id == id)
			return &u->rows[i];
	return NULL;
}
