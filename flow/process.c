/* SPDX-License-Identifier: MIT */
#include "flow/process.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vis.h"

/*
 * A pid is not used again this soon; a changed name (exec) is looked at at once. A process that is
 * gone when it is looked for is still the one of before, if that one acted a moment ago.
 */
#define TRUST_NS      250000000ll
#define TRUST_GONE_NS 2000000000ll
#define TICK_NS	      10000000ll /* of start times, which are rounded down */
#define CLOCKS_NS     1000000ll	 /* how far two clocks may be apart */

enum { PARENTS_MAX = 16 };

struct process_table {
	struct process *ring; /* owned */
	uint32_t max, next, count, serials;
	struct hash_index index; /* pid -> entries, one for each start or exec seen */
	uint64_t seed;
	struct proc_reader *reader;    /* borrowed */
	const struct clock_map *clock; /* borrowed */
};

struct process_table *process_table_new(uint32_t max, struct proc_reader *reader,
					const struct clock_map *clock)
{
	struct process_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->max = max;
	t->seed = hash_random_seed();
	t->ring = calloc(max, sizeof(*t->ring));
	if (!t->ring)
		goto out_table;
	if (hash_index_init(&t->index, max))
		goto out_ring;
	t->reader = reader;
	t->clock = clock;
	return t;

out_ring:
	free(t->ring);
out_table:
	free(t);
	return NULL;
}

void process_table_free(struct process_table *t)
{
	if (!t)
		return;
	hash_index_done(&t->index);
	free(t->ring);
	free(t);
}

static uint64_t pid_hash(const struct process_table *t, uint32_t pid)
{
	return hash_bytes(&pid, sizeof(pid), t->seed);
}

/* The entry that held at a time: the latest begun by then, else the first known. */
struct process *process_table_find(const struct process_table *t, uint32_t pid, int64_t at_ns)
{
	struct process *best = NULL;
	size_t pos = 0;
	uint32_t n;

	while (t && (n = hash_index_next(&t->index, pid_hash(t, pid), &pos)) != HASH_NONE) {
		struct process *p = &t->ring[n];
		bool begun = p->seen_ns <= at_ns;

		if (p->pid != pid)
			continue;
		if (!best || (begun && (p->seen_ns > best->seen_ns || best->seen_ns > at_ns)) ||
		    (!begun && p->seen_ns < best->seen_ns))
			best = p;
	}
	return best;
}

void process_table_each(const struct process_table *t,
			void (*fn)(void *ctx, const struct process *p), void *ctx)
{
	for (uint32_t i = 0; t && i < t->count; i++)
		fn(ctx, &t->ring[i]);
}

static void add(struct process_table *t, const struct process *p)
{
	uint32_t n = t->next;

	if (t->count == t->max)
		hash_index_remove(&t->index, pid_hash(t, t->ring[n].pid), n);
	else
		t->count++;
	/* Out of memory only: the slot stays unlinked, which its removal later tolerates. */
	(void)hash_index_insert(&t->index, pid_hash(t, p->pid), n);
	t->ring[n] = *p;
	t->ring[n].serial = ++t->serials;
	t->next = (n + 1) % t->max;
}

/* --- from /proc --- */

/* Did the process that /proc shows exist at the time of the event? */
static bool had_begun(const struct process_table *t, const struct proc_info *info, int64_t at_ns)
{
	return !t->clock || clock_wall_ns(t->clock, info->start_ns) <= at_ns + CLOCKS_NS;
}

static void take_info(struct process *p, const struct proc_info *info)
{
	bool same_program = !info->comm[0] || !strncmp(info->comm, p->comm, sizeof(p->comm));

	p->start_ns = info->start_ns;
	p->ppid = info->ppid;
	vis_str(p->cgroup, sizeof(p->cgroup), info->cgroup, sizeof(info->cgroup));
	vis_str(p->container.name, sizeof(p->container.name), info->container.name,
		sizeof(info->container.name));
	vis_str(p->container.pod, sizeof(p->container.pod), info->container.pod,
		sizeof(info->container.pod));
	if (!same_program)
		return;
	vis_str(p->exe, sizeof(p->exe), info->exe, sizeof(info->exe));
	vis_str(p->cmdline, sizeof(p->cmdline), info->cmdline, sizeof(info->cmdline));
}

/* Parents that nobody has told of; of a parent only its present is known. */
static void note_parents(struct process_table *t, uint32_t pid, int64_t now_ns)
{
	struct proc_info info;

	for (int depth = 0; depth < PARENTS_MAX && pid; depth++) {
		struct process p = {
			.pid = pid, .seen_ns = now_ns, .last_ns = now_ns, .checked_ns = now_ns};
		struct process *known = process_table_find(t, pid, INT64_MAX);

		if (known && now_ns - known->checked_ns < TRUST_NS)
			return;
		if (proc_reader_ask(t->reader, &info, pid, pid) || !had_begun(t, &info, now_ns))
			return;
		if (known && known->start_ns == info.start_ns) {
			known->checked_ns = now_ns;
			return;
		}
		memcpy(p.comm, info.comm, sizeof(p.comm));
		take_info(&p, &info);
		add(t, &p);
		pid = p.ppid;
	}
}

static bool is_called(const struct process *p, const char *comm)
{
	return !memcmp(p->comm, comm, SOCK_COMM_LEN) || !memcmp(p->other_comm, comm, SOCK_COMM_LEN);
}

static void rename_to(struct process *p, const char *comm)
{
	if (is_called(p, comm))
		return;
	memcpy(p->other_comm, p->comm, SOCK_COMM_LEN);
	memcpy(p->comm, comm, SOCK_COMM_LEN);
}

/* The same process, running the same program? Without /proc only if it acted just now. */
static bool is_still(const struct process *known, const struct process *p, bool there,
		     bool same_name, int64_t now_ns)
{
	if (!there)
		return same_name && now_ns - known->last_ns < TRUST_GONE_NS;
	return known->start_ns == p->start_ns && !strcmp(known->exe, p->exe);
}

/* What the event itself tells. */
static void take_event(struct process *p, const struct sock_event *ev)
{
	int64_t time_ns = (int64_t)ev->time_ns;

	p->last_ns = time_ns > p->last_ns ? time_ns : p->last_ns;
	p->uid = ev->uid;
	p->netns = ev->netns;
	p->cgroup_id = ev->cgroup;
}

/* /proc was asked about a process that is known: true when it is still that one. */
static bool take_again(struct process *known, const struct process *p, bool there, bool same_name)
{
	if (!is_still(known, p, there, same_name, p->seen_ns))
		return false;
	known->checked_ns = p->checked_ns;
	rename_to(known, p->comm);
	if (p->cmdline[0])
		memcpy(known->cmdline, p->cmdline, sizeof(known->cmdline));
	return true;
}

void process_table_note(struct process_table *t, const struct sock_event *ev)
{
	int64_t now_ns = (int64_t)ev->time_ns;
	struct process *known = process_table_find(t, ev->pid, INT64_MAX);
	bool same_name = known && is_called(known, ev->comm);
	struct process p = {.pid = ev->pid, .seen_ns = now_ns, .checked_ns = now_ns};
	struct proc_info info;
	bool there;

	if (same_name && now_ns - known->checked_ns < TRUST_NS) {
		take_event(known, ev);
		return;
	}
	memcpy(p.comm, ev->comm, SOCK_COMM_LEN);
	take_event(&p, ev);
	there = proc_reader_ask(t->reader, &info, ev->pid, ev->tid) == 0 &&
		had_begun(t, &info, now_ns);
	if (there)
		take_info(&p, &info);
	if (known && take_again(known, &p, there, same_name)) {
		take_event(known, ev);
		return;
	}
	add(t, &p);
	note_parents(t, p.ppid, now_ns);
}

/* --- what can be said of one --- */

size_t process_table_parents(const struct process_table *t, const struct process *p, char *out,
			     size_t cap)
{
	size_t len = 0;

	out[0] = '\0';
	for (int depth = 0; depth < PARENTS_MAX && p->ppid; depth++) {
		const struct process *parent = process_table_find(t, p->ppid, p->seen_ns);
		char name[VIS_MAX(SOCK_COMM_LEN) + 1];
		int n;

		if (!parent || parent == p)
			break;
		vis_str(name, sizeof(name), parent->comm, sizeof(parent->comm));
		n = snprintf(out + len, cap - len, "%s%s[%u]", len ? " " : "", name, parent->pid);
		if ((size_t)n >= cap - len) {
			out[len] = '\0'; /* whole parents only */
			break;
		}
		len += (size_t)n;
		p = parent;
	}
	return len;
}

uint64_t process_id(const struct process *p)
{
	uint32_t life = p->start_ns ? (uint32_t)(p->start_ns / TICK_NS) : p->serial | 1u << 31;

	return (uint64_t)p->pid << 32 | life;
}

int64_t process_table_start_ns(const struct process_table *t, const struct process *p)
{
	return p->start_ns && t->clock ? clock_wall_ns(t->clock, p->start_ns) : ROW_ABSENT;
}
