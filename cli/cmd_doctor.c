/* SPDX-License-Identifier: MIT
 *
 * socklens doctor: what works here, what does not, and what to do about it; one line each.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "bpf/probe.h"
#include "capture/source.h"
#include "cli/command.h"
#include "cli/version.h"

enum { CHECKS_MAX = 32 };

static void line(bool ok, const char *name, const char *detail, const char *remedy)
{
	printf("%-4s %-22s %s%s%s\n", ok ? "ok" : "NO", name, detail, remedy[0] ? " -> " : "", remedy);
}

static bool check_capture(void)
{
	struct source_live_options o = {.interface = "any", .buffer_bytes = 1 << 20};
	struct source *s;
	struct err e;

	if (source_open_live(&s, &o, &e) < 0) {
		line(false, "capture", e.text, "");
		return false;
	}
	source_free(s);
	line(true, "capture", "frames of every interface can be captured", "");
	return true;
}

/* The proof is in loading it: checks of parts can be right and the whole still refused. */
static bool check_plan(enum probe_plan plan, const char *name)
{
	struct probe_options o = {.plan = plan};
	struct probe *p;
	struct err e;

	if (probe_open(&p, &o, &e) < 0) {
		line(false, name, e.text, "");
		return false;
	}
	line(true, name, probe_blind_spots(p), "");
	probe_free(p);
	return true;
}

/* Nanoseconds that a system call which is about no socket takes here: the best of some rounds. */
static int64_t call_cost_ns(void)
{
	enum { ROUNDS = 400, CALLS = 500 }; /* short ones: some are not disturbed */
	int64_t best_ns = INT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t began_ns = clock_now_mono_ns(), took_ns;

		for (int n = 0; n < CALLS; n++)
			syscall(SYS_getppid);
		took_ns = (clock_now_mono_ns() - began_ns) / CALLS;
		best_ns = took_ns < best_ns ? took_ns : best_ns;
	}
	return best_ns;
}

/* The cost of a call with nothing but the kernel's own detour; -1 = it cannot be measured. */
static int64_t taxed_call_cost_ns(void)
{
	int64_t cost_ns = -1;
	struct tax *t;
	struct err e;

	if (!tax_open(&t, &e)) {
		cost_ns = call_cost_ns();
		tax_free(t);
	}
	return cost_ns;
}

static long long above(int64_t ns, int64_t base_ns)
{
	return ns > base_ns ? (long long)(ns - base_ns) : 0;
}

/* What every process pays for each of its system calls while a trace of another one runs. */
static void check_tax(void)
{
	struct probe_options o = {.calls = true, .scope = {.pids = {1}, .pid_count = 1}};
	int64_t free_ns = call_cost_ns(), empty_ns = taxed_call_cost_ns(), traced_ns;
	char detail[160];
	struct probe *p;
	struct err e;

	if (probe_open(&p, &o, &e) < 0) {
		line(false, "trace", e.text, "");
		return;
	}
	traced_ns = call_cost_ns();
	probe_free(p);
	snprintf(detail, sizeof(detail),
		 "while it runs, every call of every process takes %lld ns more (%lld without); "
		 "%lld are the kernel's own tax",
		 above(traced_ns, free_ns), (long long)free_ns, above(empty_ns, free_ns));
	line(true, "trace", detail, "");
}

int cmd_doctor(const struct settings *s)
{
	struct probe_check checks[CHECKS_MAX];
	int n = probe_doctor(checks, CHECKS_MAX);
	bool capture, probe;

	(void)s;
	for (int i = 0; i < n; i++)
		line(checks[i].ok, checks[i].name, checks[i].detail, checks[i].remedy);
	capture = check_capture();
	probe = check_plan(PROBE_PLAN_N, "probe plan N");
	probe |= check_plan(PROBE_PLAN_S, "probe plan S (fallback)");
	if (probe)
		check_tax();
	version_libraries(stdout);
	return capture && probe ? EXIT_DONE : EXIT_FAILED;
}
