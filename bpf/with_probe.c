/* SPDX-License-Identifier: MIT
 *
 * The open probe: objects loaded and attached, the ring read, the maps walked.
 *
 * Everything after probe_existing works on file descriptors and mapped memory that are already
 * open, so the process can drop every privilege in between.
 */
#include "bpf/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <bpf/accounting.skel.h>
#include <bpf/calls.skel.h>
#include <bpf/fallback.skel.h>
#include <bpf/iters.skel.h>

#include "base/clock.h"
#include "bpf/calls.h"
#include "bpf/load.h"
#include "bpf/plan.h"
#include "bpf/shared.h"

enum { WALK_BATCH = 512, EXISTING_BATCH = 64, TCP_PROTO = 6 };

struct probe {
	enum probe_plan plan;
	struct loader loader;
	struct accounting_bpf *accounting; /* plan N; owned */
	struct fallback_bpf *fallback;	   /* plan S; owned */
	struct iters_bpf *iters;	   /* owned */
	struct calls_bpf *calls;	   /* calls level; owned, NULL = off */
	struct bpf_object *maps;	   /* the object that made the maps; borrowed */
	struct bpf_link *existing, *refresh; /* borrowed from the loader */
	struct ring_buffer *ring;	   /* owned */
	struct probe_control *control;	   /* mapped */
	int sockets_fd, overflow_fd;	   /* borrowed from `maps` */
	bool reconcile;			   /* no hook tells when datagram sockets end */
	uint64_t secret;		   /* scrambles kernel addresses that stand in for cookies */
	uint64_t drained;		   /* of control->overflowed */
	struct sock_entry *walk;	   /* owned; room for WALK_BATCH */
	/* during one probe_read */
	unsigned left;
	sock_event_fn fn;
	void *fn_ctx;
};

/* --- opening --- */

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

static int open_plan_n(struct probe *p, struct err *e)
{
	p->accounting = accounting_bpf__open();
	if (!p->accounting)
		return open_failed(e);
	p->maps = p->accounting->obj;
	p->accounting->rodata->births_are_seen = p->loader.cgroup_allowed;
	return 0;
}

static int open_plan_s(struct probe *p, struct err *e)
{
	p->fallback = fallback_bpf__open();
	if (!p->fallback)
		return open_failed(e);
	p->maps = p->fallback->obj;
	p->fallback->rodata->cookie_is_address = true;
	p->fallback->rodata->address_secret = p->secret;
	calls_by_number((uint8_t *)p->fallback->rodata->call_of_nr, CALL_NR_MAX);
	return 0;
}

static int open_accounting(struct probe *p, const struct probe_options *o, struct err *e)
{
	int code = p->plan == PROBE_PLAN_N ? open_plan_n(p, e) : open_plan_s(p, e);

	if (code)
		return code;
	if (size_maps(p->maps, o))
		return err_set(e, -EINVAL, "probe: bad size of a map");
	return loader_load(&p->loader, p->maps, NULL, e);
}

static int open_iters(struct probe *p, struct err *e)
{
	p->iters = iters_bpf__open();
	if (!p->iters)
		return open_failed(e);
	p->iters->rodata->cookie_is_address = p->plan == PROBE_PLAN_S;
	p->iters->rodata->address_secret = p->secret;
	return loader_load(&p->loader, p->iters->obj, p->maps, e);
}

static int open_calls(struct probe *p, const struct probe_options *o, struct err *e)
{
	p->calls = calls_bpf__open();
	if (!p->calls)
		return open_failed(e);
	p->calls->rodata->cookie_is_address = p->plan == PROBE_PLAN_S;
	p->calls->rodata->address_secret = p->secret;
	p->calls->rodata->scope_pid = o->scope_pid;
	calls_by_number((uint8_t *)p->calls->rodata->call_of_nr, CALL_NR_MAX);
	return loader_load(&p->loader, p->calls->obj, p->maps, e);
}

static int attach_iters(struct probe *p, struct err *e)
{
	int first = p->loader.link_count;
	int code = loader_attach(&p->loader, p->iters->obj, e);

	if (code)
		return code;
	p->existing = p->loader.links[first];
	p->refresh = p->loader.links[first + 1];
	return 0;
}

static int on_record(void *ctx, void *data, size_t size)
{
	struct probe *p = ctx;

	if (size >= sizeof(struct sock_event))
		p->fn(p->fn_ctx, data);
	return --p->left ? 0 : -EAGAIN;
}

static int open_readers(struct probe *p, struct err *e)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	p->sockets_fd = map_fd(p, "sockets");
	p->overflow_fd = map_fd(p, "overflow");
	p->control = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd(p, "control"), 0);
	if (p->control == MAP_FAILED) {
		p->control = NULL;
		return err_set(e, -errno, "probe: cannot map its counters: %s", strerror(errno));
	}
	p->control->epoch = 1;
	p->walk = calloc(WALK_BATCH, sizeof(*p->walk));
	p->ring = ring_buffer__new(map_fd(p, "ring"), on_record, p, NULL);
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

/* Hooks first, then the old sockets: what is born in between is seen twice rather than never. */
static int open_plan(struct probe *p, const struct probe_options *o, struct err *e)
{
	int code = choose_plan(p, o->plan, e);

	if (!code && getrandom(&p->secret, sizeof(p->secret), 0) != sizeof(p->secret))
		code = err_set(e, -errno, "probe: no random numbers: %s", strerror(errno));
	if (!code)
		code = open_accounting(p, o, e);
	if (!code)
		code = open_iters(p, e);
	if (!code && o->calls)
		code = open_calls(p, o, e);
	if (!code)
		code = open_readers(p, e);
	if (!code)
		code = loader_attach(&p->loader, p->maps, e);
	if (!code && p->calls)
		code = loader_attach(&p->loader, p->calls->obj, e);
	if (!code)
		code = attach_iters(p, e);
	p->reconcile = p->plan == PROBE_PLAN_S || p->loader.cgroup_refused;
	return code;
}

int probe_open(struct probe **out, const struct probe_options *o, struct err *e)
{
	struct probe *p;
	int code;

	if (o->plan == PROBE_OFF)
		return err_set(e, -EINVAL, "probe: it is off");
	p = calloc(1, sizeof(*p));
	if (!p)
		return err_set(e, -ENOMEM, "probe: no memory");
	code = loader_init(&p->loader, e);
	if (!code)
		code = open_plan(p, o, e);
	if (code) {
		probe_free(p);
		return code;
	}
	*out = p;
	return 0;
}

void probe_free(struct probe *p)
{
	if (!p)
		return;
	loader_done(&p->loader);
	ring_buffer__free(p->ring);
	if (p->control)
		munmap(p->control, (size_t)sysconf(_SC_PAGESIZE));
	calls_bpf__destroy(p->calls);
	iters_bpf__destroy(p->iters);
	accounting_bpf__destroy(p->accounting);
	fallback_bpf__destroy(p->fallback);
	free(p->walk);
	free(p);
}

/* --- iterators --- */

/* Run an iterator to its end; its records, if it writes any, go to fn. Their number. */
static int run_iter(struct bpf_link *link, sock_event_fn fn, void *ctx)
{
	struct sock_event records[EXISTING_BATCH];
	size_t have = 0, i;
	int fd = bpf_iter_create(bpf_link__fd(link));
	int total = 0;
	ssize_t n;

	if (fd < 0)
		return fd;
	while ((n = read(fd, (char *)records + have, sizeof(records) - have)) > 0) {
		have += (size_t)n;
		for (i = 0; i < have / sizeof(*records); i++, total++)
			fn(ctx, &records[i]);
		have %= sizeof(*records);
		memmove(records, &records[i], have);
	}
	if (n < 0)
		total = -errno;
	close(fd);
	return total;
}

int probe_existing(struct probe *p, sock_event_fn fn, void *ctx, struct err *e)
{
	int n = run_iter(p->existing, fn, ctx);

	if (n < 0)
		return err_set(e, n, "probe: cannot list the sockets that are open: %s",
			       strerror(-n));
	return n;
}

/* --- the ring --- */

int probe_fd(const struct probe *p)
{
	return ring_buffer__epoll_fd(p->ring);
}

/* CLOSE records that the ring had no room for. */
static int drain_overflow(struct probe *p)
{
	uint64_t made = __atomic_load_n(&p->control->overflowed, __ATOMIC_RELAXED);
	struct sock_event ev;
	uint64_t cookie;
	int n = 0;

	if (made == p->drained)
		return 0;
	p->drained = made;
	while (p->left && bpf_map_get_next_key(p->overflow_fd, NULL, &cookie) == 0) {
		if (bpf_map_lookup_elem(p->overflow_fd, &cookie, &ev) == 0) {
			p->fn(p->fn_ctx, &ev);
			p->left--;
			n++;
		}
		bpf_map_delete_elem(p->overflow_fd, &cookie);
	}
	if (!p->left)
		p->drained--; /* look again next time */
	return n;
}

int probe_read(struct probe *p, unsigned budget, sock_event_fn fn, void *ctx)
{
	if (!budget)
		return 0;
	p->left = budget;
	p->fn = fn;
	p->fn_ctx = ctx;
	ring_buffer__consume(p->ring);
	if (p->left)
		drain_overflow(p);
	return (int)(budget - p->left);
}

/* --- the socket map --- */

static void ignore(void *ctx, const struct sock_event *ev)
{
	(void)ctx;
	(void)ev;
}

/* In no process's file table twice running, and no hook would have told of its end. */
static bool has_vanished(const struct probe *p, const struct sock_entry *e, uint64_t epoch)
{
	return p->reconcile && e->ev.proto != TCP_PROTO && e->seen + 1 < epoch;
}

static int report_entry(struct probe *p, struct sock_entry *e, uint64_t epoch, sock_event_fn fn,
			void *ctx)
{
	bool gone = has_vanished(p, e, epoch);

	if (!gone && e->epoch + 1 < epoch)
		return 0;
	e->ev.kind = gone ? SOCK_EVENT_CLOSE : SOCK_EVENT_TOTALS;
	e->ev.time_ns = (uint64_t)clock_now_mono_ns();
	if (gone && bpf_map_delete_elem(p->sockets_fd, &e->ev.cookie))
		return 0; /* its CLOSE has just gone through the ring */
	fn(ctx, &e->ev);
	return 1;
}

/* Touched in the epoch that ends here, or since: both are >= the old one. */
int probe_totals(struct probe *p, sock_event_fn fn, void *ctx)
{
	uint64_t epoch = __atomic_add_fetch(&p->control->epoch, 1, __ATOMIC_RELAXED);
	uint64_t keys[WALK_BATCH];
	uint32_t at = 0, count, i;
	void *from = NULL;
	int code, total = 0;

	run_iter(p->refresh, ignore, NULL);
	do {
		count = WALK_BATCH;
		code = bpf_map_lookup_batch(p->sockets_fd, from, &at, keys, p->walk, &count, NULL);
		if (code && code != -ENOENT)
			return code;
		for (i = 0; i < count; i++)
			total += report_entry(p, &p->walk[i], epoch, fn, ctx);
		from = &at;
	} while (!code);
	return total;
}

/* --- what was lost --- */

static uint64_t missed_by(struct bpf_object *obj)
{
	struct bpf_program *prog;
	uint64_t sum = 0;

	if (!obj)
		return 0;
	bpf_object__for_each_program(prog, obj) {
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);

		if (bpf_program__fd(prog) >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			sum += info.recursion_misses;
	}
	return sum;
}

void probe_loss(struct probe *p, struct loss *out)
{
	out->count[LOSS_RING] += __atomic_load_n(&p->control->ring_full, __ATOMIC_RELAXED);
	out->count[LOSS_MAP_FULL] += __atomic_load_n(&p->control->map_full, __ATOMIC_RELAXED);
	out->count[LOSS_MISSED] += missed_by(p->maps) +
				  missed_by(p->calls ? p->calls->obj : NULL);
}

enum probe_plan probe_plan_used(const struct probe *p)
{
	return p->plan;
}

const char *probe_blind_spots(const struct probe *p)
{
	return plan_blind_spots(p->plan, !p->loader.cgroup_refused);
}
