/* SPDX-License-Identifier: MIT
 *
 * The calls level of the probe: opening it beside accounting, and what is under way when it ends.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/scope.h" /* before the skeleton, which has one */

#include <bpf/calls.skel.h>

#include "bpf/call_event.h"
#include "bpf/calls.h"
#include "bpf/open.h"

int calls_open(struct probe *p, const struct probe_options *o, struct err *e)
{
	p->calls = calls_bpf__open();
	if (!p->calls)
		return err_set(e, -errno, "probe: cannot open its programs: %s", strerror(errno));
	p->calls_obj = p->calls->obj;
	p->calls->rodata->cookie_is_address = p->plan == PROBE_PLAN_S;
	p->calls->rodata->address_secret = p->secret;
	p->calls->rodata->lengths_are_seen = p->plan == PROBE_PLAN_N;
	p->calls->rodata->scope = o->scope;
	if (p->plan == PROBE_PLAN_S) {
		bpf_program__set_autoload(p->calls->progs.call_sent, false);
		bpf_program__set_autoload(p->calls->progs.call_received, false);
	}
	calls_by_number(p->calls->rodata->call_of_nr, CALL_NR_MAX);
	return loader_load(&p->loader, p->calls_obj, p->maps, e);
}

void calls_close(struct probe *p)
{
	calls_bpf__destroy(p->calls);
}

int calls_attach(struct probe *p, struct err *e)
{
	int code = loader_attach(&p->loader, p->calls_obj, e);

	if (code)
		return code;
	p->calls->links.unfinished = bpf_program__attach_iter(p->calls->progs.unfinished, NULL);
	code = libbpf_get_error(p->calls->links.unfinished);
	if (!code)
		return 0;
	p->calls->links.unfinished = NULL;
	return err_set(e, code, "probe: cannot list threads: %s", strerror(-code));
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
