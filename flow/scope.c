/* SPDX-License-Identifier: MIT */
#include "flow/scope.h"

#include <string.h>

enum { PARENTS_MAX = 16 };

/* What is asked of one user of one socket. */
struct subject {
	uint32_t pid, uid, netns;
	uint64_t cgroup;
	uint16_t ports[2];
	int64_t at_ns;
	const char *comm;
	const struct identities *known;
};

bool scope_is_all(const struct probe_scope *sc)
{
	return !sc->cgroup_count && !sc->pid_count && !sc->uid_count && !sc->netns_count &&
	       !sc->port_count && !sc->comm_count;
}

/* --- one kind each: any of its values will do, and none asks for nothing --- */

static bool is_pid(const struct probe_scope *sc, uint32_t pid)
{
	for (unsigned i = 0; i < sc->pid_count; i++)
		if (sc->pids[i] == pid)
			return true;
	return false;
}

/* The process or one of its parents. */
static bool has_pid(const struct probe_scope *sc, const struct subject *x)
{
	uint32_t pid = x->pid;

	if (!sc->pid_count)
		return true;
	for (int depth = 0; depth < PARENTS_MAX && pid; depth++) {
		const struct process *p;

		if (is_pid(sc, pid))
			return true;
		p = process_table_find(x->known->processes, pid, x->at_ns);
		pid = p ? p->ppid : 0;
	}
	return false;
}

static bool has_comm(const struct probe_scope *sc, const struct subject *x)
{
	for (unsigned i = 0; i < sc->comm_count; i++)
		if (!strncmp(sc->comms[i], x->comm, SOCK_COMM_LEN))
			return true;
	return !sc->comm_count;
}

static bool has_uid(const struct probe_scope *sc, const struct subject *x)
{
	for (unsigned i = 0; i < sc->uid_count; i++)
		if (sc->uids[i] == x->uid)
			return true;
	return !sc->uid_count;
}

static bool has_netns(const struct probe_scope *sc, const struct subject *x)
{
	for (unsigned i = 0; i < sc->netns_count; i++)
		if (sc->netns[i] == x->netns)
			return true;
	return !sc->netns_count;
}

static bool has_port(const struct probe_scope *sc, const struct subject *x)
{
	for (unsigned i = 0; i < sc->port_count; i++)
		if (sc->ports[i] == x->ports[0] || sc->ports[i] == x->ports[1])
			return true;
	return !sc->port_count;
}

static bool is_below(struct names *n, uint64_t cgroup, uint64_t above)
{
	const struct cgroup_name *c = names_cgroup(n, cgroup), *a = names_cgroup(n, above);
	size_t len = a ? strlen(a->path) : 0;

	if (!c || !a)
		return false;
	return !strcmp(a->path, "/") || (!strncmp(c->path, a->path, len) && c->path[len] == '/');
}

static bool has_cgroup(const struct probe_scope *sc, const struct subject *x)
{
	for (unsigned i = 0; i < sc->cgroup_count; i++)
		if (sc->cgroups[i] == x->cgroup ||
		    is_below(x->known->names, x->cgroup, sc->cgroups[i]))
			return true;
	return !sc->cgroup_count;
}

static bool has(const struct probe_scope *sc, const struct subject *x)
{
	return has_port(sc, x) && has_uid(sc, x) && has_netns(sc, x) && has_comm(sc, x) &&
	       has_cgroup(sc, x) && has_pid(sc, x);
}

/* --- of what --- */

bool scope_has_socket(const struct probe_scope *sc, const struct identities *known,
		      const struct socket *s)
{
	for (unsigned i = 0; i < s->owners.count; i++) {
		const struct socket_owner *o = &s->owners.owner[i];
		struct subject x = {
			.pid = o->pid,
			.uid = o->uid,
			.netns = s->netns,
			.cgroup = o->cgroup,
			.ports = {s->local.port, s->remote.port},
			.at_ns = o->from_ns,
			.comm = o->comm,
			.known = known,
		};

		if (!o->provisional && has(sc, &x))
			return true;
	}
	return false;
}
