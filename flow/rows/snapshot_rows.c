/* SPDX-License-Identifier: MIT */
#include "flow/rows/snapshot_rows.h"

#include <errno.h>
#include <stdlib.h>

#include "flow/rows/filter.h"
#include "flow/rows/brief.h"
#include "flow/rows/socket_field.h"
#include "flow/rows/socket_fill.h"

static bool faded(const struct row_source *r, bool closed, int64_t end_ns)
{
	int64_t now_ns = r->en->then_ns ? r->en->then_ns : r->en->counts.last_ns;

	return closed && r->q->fade_ns >= 0 && now_ns - end_ns > r->q->fade_ns;
}

static bool is_asked(const struct row_source *r, int64_t pid)
{
	return !r->q->pid || pid == r->q->pid;
}

/* --- flows --- */

static uint32_t flows_count(struct row_source *r)
{
	return flow_table_count(r->en->flows);
}

static bool flows_next(struct row_source *r, void *out)
{
	struct flow_row *row = out;

	while ((r->flow = flow_table_next(r->en->flows, r->flow))) {
		if (!correlator_in_scope(r->en->correlator, r->flow))
			continue;
		brief_fill(r->en, row, r->flow, r->needs);
		if (!faded(r, row->closed, row->end_ns) &&
		    (is_asked(r, row->src.process.pid) || is_asked(r, row->dst.process.pid)))
			return true;
	}
	return false;
}

static void flows_get(struct row_source *r, uint64_t id, void *row)
{
	engine_fill_row(r->en, row, flow_table_get(r->en->flows, id));
}

/* --- sockets --- */

static uint32_t sockets_count(struct row_source *r)
{
	return socket_table_count(correlator_sockets(r->en->correlator));
}

static void fill_socket(struct row_source *r, struct socket_row *row, const struct socket *s,
			struct slab_id id)
{
	struct correlator *c = r->en->correlator;

	socket_row_fill(row, correlator_identities(c), s,
			socket_table_peer(correlator_sockets(c), s), id, correlator_now_ns(c));
}

static bool sockets_next(struct row_source *r, void *out)
{
	struct socket_table *t = correlator_sockets(r->en->correlator);
	struct socket_row *row = out;
	const struct socket *s;
	struct slab_id id;

	while ((s = socket_table_next(t, &r->slot, &id))) {
		if (!s->in_scope || (r->en->then_ns && s->birth_ns > r->en->then_ns))
			continue;
		fill_socket(r, row, s, id);
		if (!faded(r, row->closed, row->end_ns) && is_asked(r, row->process.pid))
			return true;
	}
	return false;
}

static void sockets_get(struct row_source *r, uint64_t id, void *row)
{
	struct slab_id slab = {.slot = (uint32_t)(id >> 32), .generation = (uint32_t)id};

	fill_socket(r, row, socket_table_get(correlator_sockets(r->en->correlator), slab), slab);
}

/* --- processes --- */

static int processes_open(struct row_source *r)
{
	struct correlator *c = r->en->correlator;
	int status = usage_init(&r->usage, c, r->en->flows, correlator_now_ns(c));

	return status || !r->q->tree ? status : usage_add_parents(&r->usage, c);
}

static uint32_t processes_count(struct row_source *r)
{
	return r->usage.count;
}

static bool processes_next(struct row_source *r, void *out)
{
	struct usage_row *row = out;

	while (r->slot < r->usage.count) {
		*row = r->usage.rows[r->slot++];
		if (is_asked(r, row->process.pid))
			return true;
	}
	return false;
}

static void processes_get(struct row_source *r, uint64_t id, void *row)
{
	*(struct usage_row *)row = *usage_find(&r->usage, id);
}

/* --- groups --- */

/* A flow counts once in the whole, though it may be in the groups of both its ends. */
static bool add_to_groups(struct row_source *r, const struct flow_row *row)
{
	return groups_add(r->groups, row, NULL) && (!r->whole || groups_add(r->whole, row, NULL));
}

static int groups_open(struct row_source *r)
{
	struct flow_row *row = malloc(sizeof(*row));
	struct filter *filter = NULL;
	struct err e;
	int status = row ? groups_new(&r->groups, r->q->group, r->en->seed, &e) : -ENOMEM;

	if (!status && r->q->sums[0])
		status = groups_new(&r->whole, NULL, r->en->seed, &e);
	if (!status)
		status = row_filter(&filter, &flow_filter_table, r->q->flows);
	while (!status && flows_next(r, row))
		if (filter_holds(filter, row) && !add_to_groups(r, row))
			status = -ENOMEM;
	filter_free(filter);
	free(row);
	return status;
}

static uint32_t groups_number(struct row_source *r)
{
	return groups_count(r->groups);
}

static bool groups_next(struct row_source *r, void *out)
{
	if (r->slot == groups_count(r->groups))
		return false;
	*(struct group_row *)out = *groups_at(r->groups, r->slot++);
	return true;
}

static void groups_get_row(struct row_source *r, uint64_t id, void *row)
{
	*(struct group_row *)row = *groups_find(r->groups, id);
}

static void groups_whole(struct row_source *r, void *sums)
{
	struct group_row *out = sums;
	const struct group_row *whole;

	if (!groups_count(r->whole))
		return;
	whole = groups_at(r->whole, 0);
	out->flows = whole->flows;
	out->failed = whole->failed;
	out->packets = whole->packets;
	out->bytes = whole->bytes;
	out->payload_bytes = whole->payload_bytes;
	out->retransmissions = whole->retransmissions;
}

/* ---------------------------------------------------------------------------------------------- */

static const struct row_kind kinds[QUERY_KINDS] = {
	[QUERY_FLOWS] = {sizeof(struct flow_row), field_find, "start_ns", NULL, flows_count,
			 flows_next, flows_get, NULL, NULL},
	[QUERY_SOCKETS] = {sizeof(struct socket_row), socket_field_find, "start_ns", NULL,
			   sockets_count, sockets_next, sockets_get, NULL, NULL},
	[QUERY_PROCESSES] = {sizeof(struct usage_row), usage_field_find, "last_ns", processes_open,
			     processes_count, processes_next, processes_get, NULL, NULL},
	[QUERY_GROUPS] = {sizeof(struct group_row), group_field_find, "last_ns", groups_open,
			  groups_number, groups_next, groups_get_row, groups_whole, "key"},
};

int row_filter(struct filter **out, const struct filter_table *table, const char *text)
{
	struct err e;
	int status = filter_compile(out, table, text, NULL, &e);

	return status == -EINVAL ? filter_compile(out, table, "", NULL, &e) : status;
}

int row_source_init(struct row_source *r, struct engine *en, const struct query *q)
{
	*r = (struct row_source){.kind = &kinds[q->of], .en = en, .q = q};
	r->needs = q->of == QUERY_FLOWS ? brief_needs(q) : BRIEF_ALL;
	return r->kind->open ? r->kind->open(r) : 0;
}

void row_source_done(struct row_source *r)
{
	usage_done(&r->usage);
	groups_free(r->groups);
	groups_free(r->whole);
}
