/* SPDX-License-Identifier: MIT */
#include "bpf/plan.h"

#include <stddef.h>

static const struct plan {
	const char *name;
	const char *blind;	     /* with every hook in place */
	const char *blind_no_cgroup; /* without CAP_NET_ADMIN or a cgroup2 mount */
} plans[] = {
	[PROBE_AUTO] = {"auto", "", ""},
	[PROBE_PLAN_N] =
		{
			"N",
			"splice out of a socket and TCP_ZEROCOPY_RECEIVE are counted by the "
			"kernel's totals only; ends of Unix sockets are noticed late",
			"without CAP_NET_ADMIN and cgroup v2: peers of unconnected datagram sockets "
			"are not seen, and their ends, like those of Unix sockets, are noticed late",
		},
	[PROBE_PLAN_S] =
		{
			"S",
			"io_uring, AIO, splice and 32-bit programs are not seen; ends of datagram "
			"and Unix sockets are noticed late",
			"io_uring, AIO, splice and 32-bit programs are not seen; ends of datagram "
			"and Unix sockets are noticed late",
		},
	[PROBE_OFF] = {"off", "no process is known: the probe is off",
		       "no process is known: the probe is off"},
};

const char *probe_plan_name(enum probe_plan plan)
{
	return plans[plan].name;
}

const char *plan_blind_spots(enum probe_plan plan, bool cgroup_hooks)
{
	return cgroup_hooks ? plans[plan].blind : plans[plan].blind_no_cgroup;
}
