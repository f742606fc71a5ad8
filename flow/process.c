/* SPDX-License-Identifier: MIT */
#include "flow/process.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "bpf/probe.h"

/* A pid is not used again this soon; a changed name (exec) is looked at at once. */
enum { TRUST_NS = 1000000000 };

struct process {
	uint32_t pid;
	int64_t seen_ns;    /* when it was first seen so */
	int64_t checked_ns; /* when /proc was last asked */
	int64_t start_ns;   /* tells a reused pid; 0 = gone before it could be read */
	char comm[SOCK_COMM_LEN];
	char exe[256]; /* "" = unknown */
};

struct process_table {
	struct process *ring; /* owned */
	uint32_t max, next, count;
	struct hash_index index; /* pid -> entries, one for each start or exec seen */
	uint64_t seed;
};

struct process_table *process_table_new(uint32_t max)
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
static struct process *find(const struct process_table *t, uint32_t pid, int64_t at_ns)
{
	struct process *best = NULL;
	size_t pos = 0;
	uint32_t n;

	while ((n = hash_index_next(&t->index, pid_hash(t, pid), &pos)) != HASH_NONE) {
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
	t->next = (n + 1) % t->max;
}

void process_table_note(struct process_table *t, uint32_t pid, const char *comm, int64_t now_ns)
{
	struct process *known = find(t, pid, INT64_MAX);
	bool same_name = known && memcmp(known->comm, comm, SOCK_COMM_LEN) == 0;
	struct process p = {.pid = pid, .seen_ns = now_ns, .checked_ns = now_ns};
	struct proc_info info;
	bool there;

	if (same_name && now_ns - known->checked_ns < TRUST_NS)
		return;
	there = proc_read(&info, pid) == 0;
	if (there) {
		p.start_ns = info.start_ns;
		memcpy(p.exe, info.exe, sizeof(p.exe));
	}
	memcpy(p.comm, comm, SOCK_COMM_LEN);
	if (known &&
	    (there ? known->start_ns == p.start_ns && !strcmp(known->exe, p.exe) : same_name)) {
		known->checked_ns = now_ns;
		memcpy(known->comm, comm, SOCK_COMM_LEN);
		return;
	}
	add(t, &p);
}

const char *process_table_exe(const struct process_table *t, uint32_t pid, int64_t at_ns)
{
	const struct process *p = find(t, pid, at_ns);

	return p && p->exe[0] ? p->exe : NULL;
}
