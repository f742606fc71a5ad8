/* SPDX-License-Identifier: MIT
 *
 * The calls level of the probe: opening it beside accounting, and what is under way when it ends.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/scope.h" /* before the skeleton, which has one */

#include <bpf/calls.skel.h>

#include "bpf/again.h"
#include "bpf/call_event.h"
#include "bpf/calls.h"
#include "bpf/open.h"

/* Eight megabytes in all, if that is enough for each CPU to have some milliseconds of calls. */
static unsigned places_of_queue(unsigned cpus)
{
	enum { ALL_BYTES = 8 << 20, LEAST = 1024, MOST = 32768 };
	unsigned places = MOST;

	while (places > LEAST && call_queue_bytes(places) * cpus > ALL_BYTES)
		places /= 2;
	return places;
}

/* In the object that makes them, and in the one that is given them. */
int calls_size_maps(struct probe *p, struct bpf_object *obj)
{
	struct bpf_map *queues = bpf_object__find_map_by_name(obj, "call_queues");
	int cpus = libbpf_num_possible_cpus(), code;

	p->queue_count = cpus > 0 ? (unsigned)cpus : 1;
	p->queue_calls = places_of_queue(p->queue_count);
	code = bpf_map__set_max_entries(queues, p->queue_count);
	if (!code)
		code = bpf_map__set_value_size(queues, (uint32_t)call_queue_bytes(p->queue_calls));
	return code;
}

static size_t mapped_bytes(const struct probe *p)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = p->queue_count * call_queue_bytes(p->queue_calls);

	return (bytes + page - 1) / page * page;
}

static int map_queues(struct probe *p, struct err *e)
{
	int fd = bpf_object__find_map_fd_by_name(p->calls_obj, "call_queues");

	p->queues = mmap(NULL, mapped_bytes(p), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p->queues == MAP_FAILED) {
		p->queues = NULL;
		return err_set(e, -errno, "probe: cannot map the calls: %s", strerror(errno));
	}
	p->again = again_new(p->queues, p->queue_count, p->queue_calls);
	return p->again ? 0 : err_set(e, -ENOMEM, "probe: no memory for calls");
}

int calls_open(struct probe *p, const struct probe_options *o, struct err *e)
{
	int code;

	p->calls = calls_bpf__open();
	if (!p->calls)
		return err_set(e, -errno, "probe: cannot open its programs: %s", strerror(errno));
	p->calls_obj = p->calls->obj;
	p->calls->rodata->cookie_is_address = p->plan == PROBE_PLAN_S;
	p->calls->rodata->address_secret = p->secret;
	p->calls->rodata->lengths_are_seen = p->plan == PROBE_PLAN_N;
	p->calls->rodata->scope = o->scope;
	calls_by_number(p->calls->rodata->call_of_nr, CALL_NR_MAX);
	if (calls_size_maps(p, p->calls_obj))
		return err_set(e, -EINVAL, "probe: bad size of a map");
	p->calls->rodata->queue_calls = p->queue_calls;
	code = loader_load(&p->loader, p->calls_obj, p->maps, e);
	return code ? code : map_queues(p, e);
}

void calls_close(struct probe *p)
{
	calls_bpf__destroy(p->calls);
	again_free(p->again);
	if (p->queues)
		munmap(p->queues, mapped_bytes(p));
}

/* A look at all threads by this program; the caller destroys the link. */
static int attach_iterator(struct bpf_link **link, const struct bpf_program *prog)
{
	int code;

	*link = bpf_program__attach_iter(prog, NULL);
	code = libbpf_get_error(*link);
	if (code)
		*link = NULL;
	return code;
}

static int mark_callers(struct probe *p)
{
	struct bpf_link *link;
	int code = attach_iterator(&link, p->calls->progs.caller_known), fd;
	char none[1];

	if (code)
		return code;
	fd = bpf_iter_create(bpf_link__fd(link));
	code = fd < 0 || read(fd, none, sizeof(none)) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return code;
}

/* Threads are marked before their calls are met; accounting marks new ones by now. */
int calls_attach(struct probe *p, struct err *e)
{
	int code = mark_callers(p);

	if (!code)
		code = attach_iterator(&p->calls->links.unfinished, p->calls->progs.unfinished);
	if (code)
		return err_set(e, code, "probe: cannot list threads: %s", strerror(-code));
	return loader_attach(&p->loader, p->calls_obj, e);
}

int probe_unfinished(struct probe *p, sock_event_fn fn, void *ctx)
{
	enum { BYTES = offsetof(struct call_event, name_len) };
	struct call_event c = {.flags = 0};
	size_t have = 0;
	int total = 0, fd;
	ssize_t n;

	if (!p->calls)
		return 0;
	fd = bpf_iter_create(bpf_link__fd(p->calls->links.unfinished));
	if (fd < 0)
		return fd;
	while ((n = read(fd, (char *)&c + have, BYTES - have)) > 0) {
		have += (size_t)n;
		if (have < BYTES)
			continue;
		fn(ctx, &c.ev);
		have = 0;
		total++;
	}
	close(fd);
	return n < 0 ? -EIO : total;
}
