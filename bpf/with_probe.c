/* SPDX-License-Identifier: MIT
 *
 * Reading the open probe: the ring, the iterators, the walk over the socket map, the losses.
 *
 * Everything after probe_existing works on file descriptors and mapped memory that are already
 * open, so the process can drop every privilege in between.
 */
#include "bpf/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/clock.h"
#include "bpf/again.h"
#include "bpf/open.h"
#include "bpf/plan.h"

/*
 * A socket that is in nobody's file table for so many walks, and idle, is gone although nothing
 * said so. Long where a hook should have told: an orphan, or one not yet accepted, is in no table.
 */
enum { EXISTING_BATCH = 64, TCP_PROTO = 6, VANISH_WALKS = 2, VANISH_WALKS_HOOKED = 300 };

/* A program in the kernel may take so long from the time of its record to the ring. */
#define RING_LATE_NS 10000000ull

static bool is_inet(const struct sock_event *ev)
{
	return ev->family == AF_INET || ev->family == AF_INET6;
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
	code = probe_start(p, o, e);
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
	probe_stop(p);
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

/* Plain calls that had ended before this time. However many: what is in a row refers to what the
 * ring held. */
static void hand_over_calls(struct probe *p, uint64_t before_ns)
{
	const struct call_event *c;

	while (p->again && (c = again_next(p->again, before_ns))) {
		p->fn(p->fn_ctx, &c->ev);
		p->left--;
	}
}

/* What is sent from now on is not in it. */
static void look_at_queues(struct probe *p)
{
	p->looked_ns = (uint64_t)clock_now_mono_ns();
	again_begin(p->again);
}

/* Whatever the ring was given before this time has been handed over. */
static void told_until(struct probe *p, uint64_t time_ns)
{
	if (time_ns > p->control->told_ns + RING_LATE_NS)
		__atomic_store_n(&p->control->told_ns, time_ns - RING_LATE_NS, __ATOMIC_RELAXED);
}

int probe_on_record(void *ctx, void *data, size_t size)
{
	struct probe *p = ctx;
	const struct sock_event *ev = data;

	if (size < sizeof(*ev))
		return 0; /* to wake us, no more */
	if (p->again && ev->time_ns >= p->looked_ns)
		look_at_queues(p);
	hand_over_calls(p, ev->time_ns);
	if (ev->kind == SOCK_EVENT_CALL)
		again_note(p->again, data);
	p->fn(p->fn_ctx, ev);
	told_until(p, ev->time_ns);
	return --p->left > 0 ? 0 : -EAGAIN;
}

int probe_fd(const struct probe *p)
{
	return ring_buffer__epoll_fd(p->ring);
}

static void hand_over(struct probe *p, const struct sock_event *ev)
{
	p->fn(p->fn_ctx, ev);
	p->left--;
}

/* What the ring would have told of a socket: its OPEN, unless it did, and its CLOSE. */
static void hand_over_remains(struct probe *p, const struct sock_remains *r)
{
	struct sock_event open = r->ev;

	open.kind = SOCK_EVENT_OPEN;
	open.time_ns = r->birth_ns;
	if (r->birth_ns && p->left > 1)
		hand_over(p, &open);
	hand_over(p, &r->ev);
}

/* Records in an overflow map, whatever its key; those of peers are shorter and have no birth. */
static void drain(struct probe *p, int fd)
{
	struct peer_key key; /* the largest */

	while (p->left > 0 && bpf_map_get_next_key(fd, NULL, &key) == 0) {
		struct sock_remains r = {.birth_ns = 0};

		if (bpf_map_lookup_elem(fd, &key, &r) == 0) {
			hand_over_remains(p, &r);
			p->drained++;
		}
		bpf_map_delete_elem(fd, &key);
	}
}

/*
 * Records that the ring had no room for, peers before the ends of their sockets. What is counted
 * but not found was pushed out.
 */
static void drain_overflow(struct probe *p)
{
	uint64_t made = __atomic_load_n(&p->control->overflowed, __ATOMIC_RELAXED);

	if (made == p->drained + p->pushed_out)
		return;
	drain(p, p->late_peers_fd);
	drain(p, p->overflow_fd);
	if (p->left > 0 && made > p->drained + p->pushed_out)
		p->pushed_out = made - p->drained;
}

int probe_read(struct probe *p, unsigned budget, sock_event_fn fn, void *ctx)
{
	uint64_t now_ns = (uint64_t)clock_now_mono_ns();

	if (!budget)
		return 0;
	p->left = budget;
	p->fn = fn;
	p->fn_ctx = ctx;
	if (p->again)
		look_at_queues(p);
	ring_buffer__consume(p->ring);
	if (p->left > 0)
		hand_over_calls(p, UINT64_MAX);
	if (p->again)
		again_end(p->again);
	if (p->left > 0)
		drain_overflow(p);
	if (p->left > 0)
		told_until(p, now_ns);
	return (int)(budget - p->left);
}

/* --- the socket map --- */

static bool has_vanished(const struct probe *p, const struct sock_entry *e, uint64_t epoch)
{
	bool hooked = is_inet(&e->ev) && (e->ev.proto == TCP_PROTO || !p->reconcile);
	uint64_t walks = hooked ? VANISH_WALKS_HOOKED : VANISH_WALKS;

	return e->seen + walks <= epoch && e->epoch + walks <= epoch;
}

/*
 * Touched in the epoch that ends here, or since: both are >= the old one. Or passed over by the
 * last walk.
 */
static bool has_news(const struct probe *p, const struct sock_entry *e, uint64_t epoch)
{
	return e->epoch + 1 >= epoch || entry_is_untold(e, p->walk_told_ns);
}

static int report_entry(struct probe *p, struct sock_entry *e, uint64_t epoch, sock_event_fn fn,
			void *ctx)
{
	bool gone = p->files_walked && has_vanished(p, e, epoch);

	if (entry_is_untold(e, p->control->told_ns) || (!gone && !has_news(p, e, epoch)))
		return 0;
	e->ev.kind = gone ? SOCK_EVENT_CLOSE : SOCK_EVENT_TOTALS;
	e->ev.time_ns = (uint64_t)clock_now_mono_ns();
	if (gone && bpf_map_delete_elem(p->sockets_fd, &e->ev.cookie))
		return 0; /* its CLOSE has just gone through the ring */
	if (gone && !is_inet(&e->ev))
		__atomic_sub_fetch(&p->control->others, 1, __ATOMIC_RELAXED);
	fn(ctx, &e->ev);
	return 1;
}

int probe_totals(struct probe *p, sock_event_fn fn, void *ctx)
{
	uint64_t epoch = __atomic_add_fetch(&p->control->epoch, 1, __ATOMIC_RELAXED);
	uint64_t keys[WALK_BATCH];
	uint32_t at = 0, count, i;
	void *from = NULL;
	int code, total;

	total = run_iter(p->refresh, fn, ctx);
	p->files_walked = total >= 0;
	total = p->files_walked ? total : 0;
	do {
		count = WALK_BATCH;
		code = bpf_map_lookup_batch(p->sockets_fd, from, &at, keys, p->walk, &count, NULL);
		if (code && code != -ENOENT)
			return code;
		for (i = 0; i < count; i++)
			total += report_entry(p, &p->walk[i], epoch, fn, ctx);
		from = &at;
	} while (!code);
	p->walk_told_ns = p->control->told_ns;
	return total + drops_report(p, epoch, fn, ctx);
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
	out->count[LOSS_RING] +=
		__atomic_load_n(&p->control->ring_full, __ATOMIC_RELAXED) + p->pushed_out;
	out->count[LOSS_MAP_FULL] += __atomic_load_n(&p->control->map_full, __ATOMIC_RELAXED);
	out->count[LOSS_CALLS] += __atomic_load_n(&p->control->calls_lost, __ATOMIC_RELAXED);
	if (p->again)
		out->count[LOSS_CALLS] += again_unknown(p->again);
	out->count[LOSS_MISSED] += missed_by(p->maps) + missed_by(p->returns_obj) +
				   missed_by(p->drops_obj) + missed_by(p->calls_obj);
}

enum probe_plan probe_plan_used(const struct probe *p)
{
	return p->plan;
}

const char *probe_blind_spots(const struct probe *p)
{
	return plan_blind_spots(p->plan, !p->loader.cgroup_refused);
}
