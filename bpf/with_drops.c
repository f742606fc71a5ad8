/* SPDX-License-Identifier: MIT
 *
 * Why the kernel threw packets of a socket away: opening the counters, and telling what they say.
 */
#include "bpf/open.h"

#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <bpf/drops.skel.h>

#include "base/clock.h"

/* A kernel that does not know the receiver of a packet refuses the program: its loss, not an error.
 */
void drops_open(struct probe *p, const struct probe_options *o)
{
	struct err unused;

	if (p->plan != PROBE_PLAN_N || !loader_has_tracepoint(&p->loader, "kfree_skb"))
		return;
	p->drops = drops_bpf__open();
	if (!p->drops)
		return;
	p->drops->rodata->all_families = o->all_families;
	if (loader_load(&p->loader, p->drops->obj, p->maps, &unused) == 0) {
		p->drops_obj = p->drops->obj;
		return;
	}
	drops_bpf__destroy(p->drops);
	p->drops = NULL;
}

void drops_close(struct probe *p)
{
	drops_bpf__destroy(p->drops);
}

/* SKB_DROP_REASON_SOCKET_RCVBUFF as "SOCKET_RCVBUFF"; the kernel's own list, which grows. */
static void reason_name(const struct probe *p, uint32_t reason, char *out, size_t cap)
{
	static const char prefix[] = "SKB_DROP_REASON_";
	int id = btf__find_by_name_kind(p->loader.kernel, "skb_drop_reason", BTF_KIND_ENUM);
	const struct btf_type *type =
		id > 0 ? btf__type_by_id(p->loader.kernel, (uint32_t)id) : NULL;
	const struct btf_enum *e = type ? btf_enum(type) : NULL;
	const char *name;

	for (unsigned i = 0; e && i < btf_vlen(type); i++) {
		if ((uint32_t)e[i].val != reason)
			continue;
		name = btf__name_by_offset(p->loader.kernel, e[i].name_off);
		if (!strncmp(name, prefix, sizeof(prefix) - 1))
			name += sizeof(prefix) - 1;
		strncpy(out, name, cap - 1);
	}
}

static void report_drop(struct probe *p, const struct drop_key *key, const struct drop_count *count,
			sock_event_fn fn, void *ctx)
{
	struct sock_entry e = {.ev = {.fd = -1}};

	bpf_map_lookup_elem(p->sockets_fd, &key->cookie, &e);
	e.ev.cookie = key->cookie;
	e.ev.kind = SOCK_EVENT_DROPS;
	e.ev.time_ns = (uint64_t)clock_now_mono_ns();
	memset(&e.ev.dropped, 0, sizeof(e.ev.dropped));
	e.ev.dropped.packets = count->packets;
	e.ev.dropped.reason = key->reason;
	e.ev.dropped.sent = key->sent != 0;
	reason_name(p, key->reason, e.ev.dropped.name, sizeof(e.ev.dropped.name));
	fn(ctx, &e.ev);
}

int drops_report(struct probe *p, uint64_t epoch, sock_event_fn fn, void *ctx)
{
	struct drop_key key, *from = NULL;
	struct drop_count count;
	int total = 0, fd;

	if (!p->drops_obj)
		return 0;
	fd = bpf_map__fd(p->drops->maps.drops);
	for (int i = 0; i < DROPS_MAX && bpf_map_get_next_key(fd, from, &key) == 0; i++) {
		from = &key;
		if (bpf_map_lookup_elem(fd, &key, &count) || count.epoch + 1 < epoch)
			continue;
		report_drop(p, &key, &count, fn, ctx);
		total++;
	}
	return total;
}
