/* SPDX-License-Identifier: MIT
 *
 * Several ways to be watched, loaded all and attached in turn, so that bench/overhead.py can compare
 * them within the tenth of a second in which a machine stays as it is.
 *
 *   in_turn PID   for each line of standard input: attach what it names and nothing else, and say
 *                 "ok". Root.
 *
 *   none          nothing
 *   accounting    of everybody
 *   calls         the calls level of PID and what it starts
 *   unrelated     the calls level of somebody else
 *   tax           accounting of somebody else, and on system calls programs that do nothing
 *
 * Of all programs only those are attached that a send and a receive meet. A thread reads what the
 * probes say, as any reader would. What is loaded first is anybody's: the order moves a ratio by
 * some hundredths.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "bpf/open.h"

enum { SOMEBODY_ELSE = 1, LINKS_MAX = 8, READ_EVERY_NS = 20000000, BUDGET = 100000 };

/* One way to be watched. */
struct way {
	const char *name;
	bool probed, calls, scoped; /* with a probe; of which level; not of everybody */
	bool taxed;
	struct probe *probe; /* owned */
};

struct held {
	struct bpf_link *links[LINKS_MAX]; /* owned */
	struct tax *tax;		   /* owned */
	int count;
};

struct reader {
	pthread_t thread;
	struct way *ways;
	size_t count;
	atomic_bool stopped;
};

static void let_go(struct held *h)
{
	while (h->count > 0)
		bpf_link__destroy(h->links[--h->count]);
	tax_free(h->tax);
	h->tax = NULL;
}

static int open_way(struct way *w, uint32_t pid)
{
	struct probe_options o = {.plan = PROBE_PLAN_N, .calls = w->calls, .all_families = true};
	struct err e = {""};

	if (!w->probed)
		return 0;
	o.scope.pids[0] = pid;
	o.scope.pid_count = w->scoped;
	if (probe_open(&w->probe, &o, &e)) {
		fprintf(stderr, "in_turn: %s\n", e.text);
		return -1;
	}
	while (w->probe->loader.link_count > 0)
		bpf_link__destroy(w->probe->loader.links[--w->probe->loader.link_count]);
	return 0;
}

/* A program that this way does not have needs none; one that cannot be attached is an error. */
static bool hold(struct held *h, struct bpf_object *of, const char *name)
{
	struct bpf_program *prog = of ? bpf_object__find_program_by_name(of, name) : NULL;
	struct bpf_link *link;

	if (!prog || !bpf_program__autoload(prog))
		return true;
	link = bpf_program__attach(prog);
	if (libbpf_get_error(link))
		return false;
	h->links[h->count++] = link;
	return true;
}

static bool take(struct held *h, const struct way *w)
{
	struct err e;

	let_go(h);
	if (w->taxed && tax_open(&h->tax, &e))
		return false;
	if (!w->probe)
		return true;
	return hold(h, w->probe->maps, "scope_forked") && hold(h, w->probe->maps, "sock_sent") &&
	       hold(h, w->probe->maps, "sock_received") &&
	       hold(h, w->probe->calls_obj, "call_entered") &&
	       hold(h, w->probe->calls_obj, "call_exited");
}

static void drop_event(void *ctx, const struct sock_event *ev)
{
	(void)ctx;
	(void)ev;
}

static void *keep_reading(void *ctx)
{
	struct reader *r = ctx;
	struct timespec step = {.tv_nsec = READ_EVERY_NS};

	while (!r->stopped) {
		for (size_t i = 0; i < r->count; i++)
			if (r->ways[i].probe)
				probe_read(r->ways[i].probe, BUDGET, drop_event, NULL);
		nanosleep(&step, NULL);
	}
	return NULL;
}

static const struct way *way_named(const struct reader *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (!strcmp(r->ways[i].name, name))
			return &r->ways[i];
	return NULL;
}

static int serve(const struct reader *r)
{
	struct held held = {.count = 0};
	char line[32];

	while (fgets(line, sizeof(line), stdin)) {
		const struct way *w;

		line[strcspn(line, "\n")] = '\0';
		w = way_named(r, line);
		if (!w || !take(&held, w)) {
			fprintf(stderr, "in_turn: cannot attach \"%s\"\n", line);
			let_go(&held);
			return 1;
		}
		puts("ok");
		fflush(stdout);
	}
	let_go(&held);
	return 0;
}

static void shuffle(struct way *ways, size_t count)
{
	srandom((unsigned)getpid());
	for (size_t i = count - 1; i > 0; i--) {
		size_t other = (size_t)random() % (i + 1);
		struct way way = ways[i];

		ways[i] = ways[other];
		ways[other] = way;
	}
}

int main(int argc, char **argv)
{
	struct way ways[] = {
		{.name = "none"},
		{.name = "accounting", .probed = true},
		{.name = "calls", .probed = true, .calls = true, .scoped = true},
		{.name = "unrelated", .probed = true, .calls = true, .scoped = true},
		{.name = "tax", .probed = true, .scoped = true, .taxed = true},
	};
	struct reader r = {.ways = ways, .count = sizeof(ways) / sizeof(*ways)};
	uint32_t pid = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	int code = 0;

	shuffle(ways, r.count);
	for (size_t i = 0; i < r.count && !code; i++)
		code = open_way(&ways[i], strcmp(ways[i].name, "calls") ? SOMEBODY_ELSE : pid);
	if (!code && !pthread_create(&r.thread, NULL, keep_reading, &r)) {
		code = serve(&r);
		r.stopped = true;
		pthread_join(r.thread, NULL);
	}
	for (size_t i = 0; i < r.count; i++)
		probe_free(ways[i].probe);
	return code ? 1 : 0;
}
