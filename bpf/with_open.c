/* SPDX-License-Identifier: MIT
 *
 * Opening the probe: which plan, which objects, how large, in which order.
 */
#include "bpf/open.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <bpf/accounting.skel.h>
#include <bpf/fallback.skel.h>
#include <bpf/iters.skel.h>
#include <bpf/returns.skel.h>

#include "bpf/calls.h"

static int map_fd(const struct probe *p, const char *name)
{
	return bpf_object__find_map_fd_by_name(p->maps, name);
}

static int size_maps(struct bpf_object *obj, const struct probe_options *o)
{
	struct bpf_map *ring = bpf_object__find_map_by_name(obj, "ring");
	struct bpf_map *sockets = bpf_object__find_map_by_name(obj, "sockets");
	int code = 0;

	if (o->ring_bytes)
		code = bpf_map__set_max_entries(ring, o->ring_bytes);
	if (!code && o->max_sockets)
		code = bpf_map__set_max_entries(sockets, o->max_sockets);
	return code;
}

static int open_failed(struct err *e)
{
	return err_set(e, -errno, "probe: cannot open its programs: %s", strerror(errno));
}

/* The coarse clock moves on once a jiffy. */
static uint32_t microseconds_a_jiffy(void)
{
	struct timespec step = {0};

	clock_getres(CLOCK_MONOTONIC_COARSE, &step);
	return (uint32_t)(step.tv_nsec / 1000);
}

/* Before the object is loaded: what its programs look at first. */
static void mark_scope_pids(uint8_t marks[SCOPE_MARKS_MAX], const struct probe_scope *scope)
{
	memset(marks, scope->pid_count == 0, SCOPE_MARKS_MAX);
	for (int i = 0; i < scope->pid_count; i++)
		marks[scope->pids[i] % SCOPE_MARKS_MAX] = 1;
}

static int open_plan_n(struct probe *p, const struct probe_options *o, struct err *e)
{
	p->accounting = accounting_bpf__open();
	if (!p->accounting)
		return open_failed(e);
	p->maps = p->accounting->obj;
	p->accounting->rodata->births_are_seen = p->loader.cgroup_allowed;
	p->accounting->rodata->calls_are_told = o->calls;
	p->accounting->rodata->jiffy_us = microseconds_a_jiffy();
	p->accounting->rodata->all_families = o->all_families;
	p->accounting->rodata->scope = o->scope;
	p->accounting->rodata->others_max = (o->max_sockets ? o->max_sockets : SOCKETS_DEFAULT) / 2;
	mark_scope_pids(p->accounting->data_scope_marks->scope_marks, &o->scope);
	return 0;
}

static int open_plan_s(struct probe *p, const struct probe_options *o, struct err *e)
{
	p->fallback = fallback_bpf__open();
	if (!p->fallback)
		return open_failed(e);
	p->maps = p->fallback->obj;
	p->fallback->rodata->cookie_is_address = true;
	p->fallback->rodata->address_secret = p->secret;
	p->fallback->rodata->jiffy_us = microseconds_a_jiffy();
	p->fallback->rodata->all_families = o->all_families;
	p->fallback->rodata->scope = o->scope;
	p->fallback->rodata->others_max = (o->max_sockets ? o->max_sockets : SOCKETS_DEFAULT) / 2;
	mark_scope_pids(p->fallback->data_scope_marks->scope_marks, &o->scope);
	calls_counted_by_number(p->fallback->rodata->call_of_nr, CALL_NR_MAX);
	return 0;
}

/* Following forks is for a scope of processes only. */
static void choose_followers(struct bpf_object *obj, const struct probe_options *o)
{
	struct bpf_program *forked = bpf_object__find_program_by_name(obj, "scope_forked");
	struct bpf_program *exited = bpf_object__find_program_by_name(obj, "scope_exited");

	bpf_program__set_autoload(forked, o->scope.pid_count > 0);
	bpf_program__set_autoload(exited, o->scope.pid_count > 0);
}

/* Large, and made with accounting, which tells the calls level what it sees inside calls (plan N).
 */
static int choose_call_maps(struct probe *p, const struct probe_options *o)
{
	static const char *const names[] = {"slots_near", "slots_far", "call_queues"};

	if (p->plan != PROBE_PLAN_N)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !o->calls; i++)
		bpf_map__set_autocreate(bpf_object__find_map_by_name(p->maps, names[i]), false);
	if (!o->calls)
		return 0;
	return calls_size_maps(p, p->maps);
}

static int open_accounting(struct probe *p, const struct probe_options *o, struct err *e)
{
	int code = p->plan == PROBE_PLAN_N ? open_plan_n(p, o, e) : open_plan_s(p, o, e);

	if (code)
		return code;
	choose_followers(p->maps, o);
	if (size_maps(p->maps, o) || choose_call_maps(p, o))
		return err_set(e, -EINVAL, "probe: bad size of a map");
	return loader_load(&p->loader, p->maps, NULL, e);
}

static int open_iters(struct probe *p, const struct probe_options *o, struct err *e)
{
	p->iters = iters_bpf__open();
	if (!p->iters)
		return open_failed(e);
	p->iters->rodata->cookie_is_address = p->plan == PROBE_PLAN_S;
	p->iters->rodata->address_secret = p->secret;
	p->iters->rodata->jiffy_us = microseconds_a_jiffy();
	p->iters->rodata->all_families = o->all_families;
	p->iters->rodata->scope = o->scope;
	p->iters->rodata->others_max = (o->max_sockets ? o->max_sockets : SOCKETS_DEFAULT) / 2;
	return loader_load(&p->loader, p->iters->obj, p->maps, e);
}

/* Where the kernel cannot do it, the errors of some failed connects stay unknown: no error. */
static int open_returns(struct probe *p, struct err *e)
{
	if (p->plan != PROBE_PLAN_N || !p->loader.cgroup_allowed ||
	    !loader_has_function(&p->loader, "bpf_task_work_schedule_resume_impl"))
		return 0;
	p->returns = returns_bpf__open();
	if (!p->returns)
		return open_failed(e);
	p->returns_obj = p->returns->obj;
	calls_counted_by_number(p->returns->rodata->call_of_nr, CALL_NR_MAX);
	return loader_load(&p->loader, p->returns_obj, p->maps, e);
}

static int attach_iters(struct probe *p, struct err *e)
{
	int code = iters_bpf__attach(p->iters);

	if (code)
		return err_set(e, code, "probe: cannot list open files: %s", strerror(-code));
	p->existing = p->iters->links.existing;
	p->refresh = p->iters->links.refresh;
	return 0;
}

static int open_readers(struct probe *p, struct err *e)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	p->sockets_fd = map_fd(p, "sockets");
	p->overflow_fd = map_fd(p, "overflow");
	p->late_peers_fd = map_fd(p, "late_peers");
	p->control = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd(p, "control"), 0);
	if (p->control == MAP_FAILED) {
		p->control = NULL;
		return err_set(e, -errno, "probe: cannot map its counters: %s", strerror(errno));
	}
	p->control->epoch = 1;
	p->walk = calloc(WALK_BATCH, sizeof(*p->walk));
	p->ring = ring_buffer__new(map_fd(p, "ring"), probe_on_record, p, NULL);
	if (!p->walk || !p->ring)
		return err_set(e, -ENOMEM, "probe: no memory for the ring buffer");
	return 0;
}

static int choose_plan(struct probe *p, enum probe_plan wanted, struct err *e)
{
	bool lengths = loader_has_tracepoint(&p->loader, "sock_send_length");

	if (wanted == PROBE_PLAN_N && !lengths)
		return err_set(e, -ENOTSUP, "probe: plan N needs the tracepoint sock_send_length "
					    "(Linux 6.3): use plan S");
	p->plan = wanted != PROBE_AUTO ? wanted : lengths ? PROBE_PLAN_N : PROBE_PLAN_S;
	return 0;
}

/* After the hooks are attached, which follow what these start. */
static int set_scope_pids(struct probe *p, const struct probe_options *o, struct err *e)
{
	int fd = map_fd(p, "scope_pids"), i;
	uint8_t one = 1;

	for (i = 0; i < o->scope.pid_count; i++)
		if (bpf_map_update_elem(fd, &o->scope.pids[i], &one, BPF_ANY))
			return err_set(e, -errno, "probe: cannot set its scope: %s", strerror(errno));
	return 0;
}

/* Hooks are attached before old sockets are listed: better seen twice than never. */
int probe_start(struct probe *p, const struct probe_options *o, struct err *e)
{
	int code = loader_init(&p->loader, e);

	if (!code)
		code = choose_plan(p, o->plan, e);
	if (!code && getrandom(&p->secret, sizeof(p->secret), 0) != sizeof(p->secret))
		code = err_set(e, -errno, "probe: no random numbers: %s", strerror(errno));
	if (!code)
		code = open_accounting(p, o, e);
	if (!code)
		code = open_iters(p, o, e);
	if (!code)
		code = open_returns(p, e);
	if (!code && o->calls)
		code = calls_open(p, o, e);
	if (!code)
		code = open_readers(p, e);
	if (!code)
		code = loader_attach(&p->loader, p->maps, e);
	if (!code)
		code = set_scope_pids(p, o, e);
	if (!code)
		drops_open(p, o);
	if (!code && p->drops_obj)
		code = loader_attach(&p->loader, p->drops_obj, e);
	if (!code && p->returns_obj)
		code = loader_attach(&p->loader, p->returns_obj, e);
	if (!code && p->calls_obj)
		code = calls_attach(p, e);
	if (!code)
		code = attach_iters(p, e);
	p->reconcile = p->plan == PROBE_PLAN_S || p->loader.cgroup_refused;
	return code;
}

void probe_stop(struct probe *p)
{
	loader_done(&p->loader);
	ring_buffer__free(p->ring);
	if (p->control)
		munmap(p->control, (size_t)sysconf(_SC_PAGESIZE));
	returns_bpf__destroy(p->returns);
	drops_close(p);
	calls_close(p);
	iters_bpf__destroy(p->iters);
	accounting_bpf__destroy(p->accounting);
	fallback_bpf__destroy(p->fallback);
	free(p->walk);
}
