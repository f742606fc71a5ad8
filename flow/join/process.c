/* SPDX-License-Identifier: MIT */
#include "flow/join/process.h"

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

#define PARENT_TRUST_NS 5000000000ll /* parents live longer, and only their names are shown */

enum { PARENTS_MAX = 16, QUESTIONS_MAX = 1024 };

/* What /proc was asked, and why. */
struct question {
	uint32_t pid, tid;
	uint32_t serial;  /* of the entry it is about; 0 = none */
	int64_t at_ns;	  /* of the event */
	int64_t quiet_ns; /* how long the process had not been heard of */
	bool is_new;	  /* the entry knows nothing yet */
	bool parent;	  /* nobody saw it act */
	char comm[SOCK_COMM_LEN];
};

struct process_table {
	struct process *ring; /* owned */
	uint32_t max, next, count, serials;
	struct hash_index index; /* pid -> entries, one for each start or exec seen */
	uint64_t seed;
	struct proc_reader *reader;    /* borrowed */
	const struct clock_map *clock; /* borrowed */
	struct question *questions;    /* owned ring, oldest first: answers come in this order */
	uint32_t answered, asked;      /* place of the oldest, number of them */
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
	t->questions = calloc(QUESTIONS_MAX, sizeof(*t->questions));
	if (!t->ring || !t->questions)
		goto out_ring;
	if (hash_index_init(&t->index, max))
		goto out_ring;
	t->reader = reader;
	t->clock = clock;
	return t;

out_ring:
	free(t->questions);
	free(t->ring);
	free(t);
	return NULL;
}

void process_table_free(struct process_table *t)
{
	if (!t)
		return;
	hash_index_done(&t->index);
	free(t->questions);
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

/* The serial number of the new entry. */
static uint32_t add(struct process_table *t, const struct process *p)
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
	return t->serials;
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

static bool is_called(const struct process *p, const char *comm)
{
	return !memcmp(p->comm, comm, SOCK_COMM_LEN) || !memcmp(p->other_comm, comm, SOCK_COMM_LEN);
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

/* --- answers ---------------------------------------------------------------------------------- */

static void ask(struct process_table *t, const struct question *q);

/* Nobody has told of this parent, or not for long; of a parent only its present is known. */
static void ask_for_parent(struct process_table *t, const struct process *child)
{
	const struct process *known = process_table_find(t, child->ppid, INT64_MAX);
	struct question q = {
		.pid = child->ppid, .tid = child->ppid, .at_ns = child->checked_ns, .parent = true};

	if (!child->ppid || (known && q.at_ns - known->checked_ns < PARENT_TRUST_NS))
		return;
	q.serial = known ? known->serial : 0;
	ask(t, &q);
}

/* A check of a process that is thought to be known: is it still that one? */
static void take_check(struct process_table *t, const struct question *q, struct process *known,
		       const struct process *now)
{
	bool there = now->start_ns != 0;

	if (!there && q->quiet_ns < TRUST_GONE_NS)
		return; /* gone, but it acted a moment before */
	if (there && known->start_ns == now->start_ns &&
	    (!now->exe[0] || !strcmp(known->exe, now->exe))) {
		if (now->cmdline[0])
			memcpy(known->cmdline, now->cmdline, sizeof(known->cmdline));
		return;
	}
	add(t, now);
	ask_for_parent(t, now);
}

static struct process *entry_of(const struct process_table *t, const struct question *q)
{
	struct process *p = q->serial ? process_table_find(t, q->pid, q->at_ns) : NULL;

	return p && p->serial == q->serial ? p : NULL;
}

/* `info` NULL: the process is gone. */
static void take_answer(struct process_table *t, const struct question *q,
			const struct proc_info *info)
{
	struct process *known = entry_of(t, q);
	struct process now = {.pid = q->pid, .seen_ns = q->at_ns, .checked_ns = q->at_ns};

	if (info && !had_begun(t, info, q->at_ns))
		info = NULL;
	if (q->parent && !info)
		return;
	memcpy(now.comm, q->parent ? info->comm : q->comm, sizeof(now.comm));
	if (known)
		now.uid = known->uid, now.netns = known->netns, now.cgroup_id = known->cgroup_id;
	now.last_ns = q->at_ns;
	if (info)
		take_info(&now, info);
	if (known && q->is_new && info) {
		take_info(known, info);
		ask_for_parent(t, known);
	} else if (known && !q->is_new) {
		take_check(t, q, known, &now);
	} else if (!known && q->parent) {
		add(t, &now);
		ask_for_parent(t, &now);
	}
}

/* --- questions -------------------------------------------------------------------------------- */

static void ask(struct process_table *t, const struct question *q)
{
	struct proc_info info;

	if (!t->reader) {
		take_answer(t, q, proc_read(&info, q->pid, q->tid) ? NULL : &info);
		return;
	}
	if (t->asked == QUESTIONS_MAX)
		process_table_advance(t, 0);
	/* When there are too many, what the event said is all that will be known. */
	if (t->asked == QUESTIONS_MAX || proc_reader_ask(t->reader, q->pid, q->tid))
		return;
	t->questions[(t->answered + t->asked++) % QUESTIONS_MAX] = *q;
}

void process_table_advance(struct process_table *t, int wait_ms)
{
	struct proc_info info;
	int code, n;

	while (t && t->reader && t->asked) {
		struct question q = t->questions[t->answered];

		n = proc_reader_take(t->reader, wait_ms, &code, &info);
		if (n < 0)
			t->reader = NULL; /* it has ended: we go on by ourselves */
		if (n <= 0)
			break;
		t->answered = (t->answered + 1) % QUESTIONS_MAX;
		t->asked--;
		take_answer(t, &q, code ? NULL : &info);
	}
}

void process_table_note(struct process_table *t, const struct sock_event *ev)
{
	int64_t now_ns = (int64_t)ev->time_ns;
	struct process *known = process_table_find(t, ev->pid, INT64_MAX);
	struct process p = {.pid = ev->pid, .seen_ns = now_ns, .checked_ns = now_ns};
	struct question q = {.pid = ev->pid, .tid = ev->tid, .at_ns = now_ns};

	memcpy(q.comm, ev->comm, SOCK_COMM_LEN);
	if (known && is_called(known, ev->comm)) {
		q.quiet_ns = now_ns - known->last_ns;
		take_event(known, ev);
		if (now_ns - known->checked_ns < TRUST_NS)
			return;
		known->checked_ns = now_ns;
		q.serial = known->serial;
		ask(t, &q);
		return;
	}
	memcpy(p.comm, ev->comm, SOCK_COMM_LEN);
	if (known)
		memcpy(p.other_comm, known->comm, SOCK_COMM_LEN);
	take_event(&p, ev);
	q.serial = add(t, &p);
	q.is_new = true;
	ask(t, &q);
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
