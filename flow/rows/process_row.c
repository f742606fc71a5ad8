/* SPDX-License-Identifier: MIT */
#include "flow/rows/process_row.h"

#include <string.h>

#include "base/vis.h"

/* Field by field: rows are made by the million, and most of this one is room for text. */
void process_row_absent(struct process_row *p, uint8_t reason)
{
	p->pid = p->tid = p->uid = p->fd = ROW_ABSENT;
	p->netns = p->cgroup = p->ppid = p->owners = ROW_ABSENT;
	p->name[0] = p->exe[0] = p->cmdline[0] = p->parents[0] = p->user[0] = 0;
	p->cgroup_path[0] = p->container[0] = p->pod[0] = p->netns_name[0] = 0;
	p->match = MATCH_NONE;
	p->reason = reason;
}

static int64_t known_number(uint64_t v)
{
	return v ? (int64_t)v : ROW_ABSENT;
}

/* "" and NULL say nothing new. */
static void put_text(char *to, size_t cap, const char *from)
{
	if (!from || !*from)
		return;
	if (!memccpy(to, from, '\0', cap))
		to[cap - 1] = '\0';
}

#define PUT(to, from) put_text(to, sizeof(to), from)

/* Of the row's uid, cgroup and network namespace. */
static void fill_names(struct process_row *row, struct names *n)
{
	const struct cgroup_name *cgroup =
		row->cgroup == ROW_ABSENT ? NULL : names_cgroup(n, (uint64_t)row->cgroup);

	if (row->uid != ROW_ABSENT)
		PUT(row->user, names_user(n, (uint32_t)row->uid));
	if (row->netns != ROW_ABSENT)
		PUT(row->netns_name, names_netns(n, (uint32_t)row->netns));
	if (!cgroup)
		return;
	PUT(row->cgroup_path, cgroup->path);
	PUT(row->container, cgroup->container.name);
	PUT(row->pod, cgroup->container.pod);
}

/* What /proc told of the process itself outdoes what its cgroup is called. */
static void fill_process(struct process_row *row, const struct process_table *t,
			 const struct process *p)
{
	row->ppid = known_number(p->ppid);
	PUT(row->exe, p->exe);
	PUT(row->cmdline, p->cmdline);
	PUT(row->cgroup_path, p->cgroup);
	PUT(row->container, p->container.name);
	PUT(row->pod, p->container.pod);
	process_table_parents(t, p, row->parents, sizeof(row->parents));
}

void process_row_fill(struct process_row *row, const struct identities *known,
		      const struct socket *s, const struct socket_owner *o)
{
	const struct process *p = process_table_find(known->processes, o->pid, o->from_ns);

	row->pid = o->pid;
	row->tid = known_number(o->tid);
	row->uid = o->uid;
	row->fd = o->fd < 0 ? ROW_ABSENT : o->fd;
	row->netns = known_number(s->netns);
	row->cgroup = known_number(o->cgroup);
	row->owners = owner_processes(&s->owners);
	vis_str(row->name, sizeof(row->name), o->comm, sizeof(o->comm));
	fill_names(row, known->names);
	if (p)
		fill_process(row, known->processes, p);
}

void process_row_of(struct process_row *row, const struct identities *known,
		    const struct process *p)
{
	process_row_absent(row, UNBOUND_NONE);
	row->pid = p->pid;
	row->uid = p->uid;
	row->netns = known_number(p->netns);
	row->cgroup = known_number(p->cgroup_id);
	vis_str(row->name, sizeof(row->name), p->comm, sizeof(p->comm));
	fill_names(row, known->names);
	fill_process(row, known->processes, p);
}
