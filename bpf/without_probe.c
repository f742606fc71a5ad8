/* SPDX-License-Identifier: MIT
 *
 * The probe of a build without libbpf (BPF=0): it never opens, and says so.
 */
#include "bpf/probe.h"

#include <errno.h>
#include <stddef.h>

#include "bpf/plan.h"

int probe_open(struct probe **out, const struct probe_options *o, struct err *e)
{
	(void)out;
	(void)o;
	return err_set(e, -ENOSYS, "probe: this program was built without it (BPF=0)");
}

void probe_free(struct probe *p)
{
	(void)p;
}

int probe_existing(struct probe *p, sock_event_fn fn, void *ctx, struct err *e)
{
	(void)p;
	(void)fn;
	(void)ctx;
	return err_set(e, -ENOSYS, "probe: this program was built without it (BPF=0)");
}

int probe_fd(const struct probe *p)
{
	(void)p;
	return -1;
}

int probe_read(struct probe *p, unsigned budget, sock_event_fn fn, void *ctx)
{
	(void)p;
	(void)budget;
	(void)fn;
	(void)ctx;
	return 0;
}

int probe_totals(struct probe *p, sock_event_fn fn, void *ctx)
{
	(void)p;
	(void)fn;
	(void)ctx;
	return 0;
}

int probe_unfinished(struct probe *p, sock_event_fn fn, void *ctx)
{
	(void)p;
	(void)fn;
	(void)ctx;
	return 0;
}

void probe_loss(struct probe *p, struct loss *out)
{
	(void)p;
	(void)out;
}

enum probe_plan probe_plan_used(const struct probe *p)
{
	(void)p;
	return PROBE_OFF;
}

const char *probe_blind_spots(const struct probe *p)
{
	(void)p;
	return plan_blind_spots(PROBE_OFF, false);
}

int tax_open(struct tax **out, struct err *e)
{
	(void)out;
	return err_set(e, -ENOSYS, "probe: this program was built without it (BPF=0)");
}

void tax_free(struct tax *t)
{
	(void)t;
}
