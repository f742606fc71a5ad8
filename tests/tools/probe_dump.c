/* SPDX-License-Identifier: MIT
 *
 * Print what the probe says, one tab-separated line an event, until SIGINT or SIGTERM.
 *
 *   probe_dump [-p n|s] [-r RING_BYTES] [-m SOCKETS] [-k PID] [-s KIND=VALUE]... [-a] [-c] [-d]
 * [-q] [-t TOTALS_MS] [-z STALL_MS]
 *
 * -s scope: pid, comm, uid, cgroup, netns or port, -a all families, -c calls level, -k scope:
 * PID and its children, -d drop all privileges after opening, -q print no events, -z sleep between
 * reads. First line: "# ready PLAN
 * ...". Last lines: "# loss NAME COUNT".
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cap-ng.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/loss.h"
#include "base/vis.h"
#include "bpf/probe.h"

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static const char *const kinds[SOCK_EVENT_KINDS] = {
	"NONE",	 "OPEN", "EXISTING", "ADDRESS", "OWNER", "PEER",  "TOTALS",
	"CLOSE", "CALL", "INFO",     "FAILED",	"UNIX",	 "DROPS",
};

static void print_end(const uint8_t bytes[16], uint16_t port)
{
	struct endpoint end = {.addr = addr_v6(bytes), .port = port};
	char text[ENDPOINT_TEXT_MAX];

	endpoint_format(text, &end);
	printf("\t%s", text);
}

static void print_totals(const struct sock_event *ev)
{
	printf("\ttx=%llu/%u rx=%llu/%u acked=%llu received=%llu srtt=%u unread=%u unsent=%u"
	       " error=%u drops=%u",
	       (unsigned long long)ev->totals.tx_bytes, ev->totals.tx_calls,
	       (unsigned long long)ev->totals.rx_bytes, ev->totals.rx_calls,
	       (unsigned long long)ev->totals.acked_bytes,
	       (unsigned long long)ev->totals.received_bytes, ev->totals.srtt_us,
	       ev->totals.unread_bytes, ev->totals.unsent_bytes, ev->totals.error,
	       ev->totals.drops);
}

static void print_unix(const struct sock_event *ev)
{
	size_t piece = ev->un.path_bytes - ev->un.path_at;
	char path[VIS_MAX(SOCK_PATH_PIECE) + 1];

	vis(path, sizeof(path), ev->un.path, piece < SOCK_PATH_PIECE ? piece : SOCK_PATH_PIECE);
	printf("\tpeer=%llx peer_pid=%u %s=%u/%u %s", (unsigned long long)ev->un.peer,
	       ev->un.peer_pid, ev->un.path_of_peer ? "peer_path" : "path", ev->un.path_at,
	       ev->un.path_bytes, path);
}

static void print_info(const struct sock_event *ev)
{
	printf("\tbusy=%u rwnd=%u sndbuf=%u srtt=%u rtt_min=%u rto=%u cwnd=%u mss=%u snd_wnd=%u",
	       ev->info.busy_ms, ev->info.rwnd_limited_ms, ev->info.sndbuf_limited_ms,
	       ev->info.srtt_us, ev->info.rtt_min_us, ev->info.rto_us, ev->info.snd_cwnd,
	       ev->info.mss, ev->info.snd_wnd);
	printf(" write_seq=%u snd_nxt=%u snd_una=%u rcv_nxt=%u copied_seq=%u delivered=%u",
	       ev->info.write_seq, ev->info.snd_nxt, ev->info.snd_una, ev->info.rcv_nxt,
	       ev->info.copied_seq, ev->info.delivered);
	printf(" retransmits=%u drops=%u backlog=%u/%u", ev->info.retransmits, ev->info.drops,
	       ev->info.backlog, ev->info.backlog_max);
}

static void print_call(const struct sock_event *ev)
{
	printf("\t%s(%lld,%lld,%lld)=%lld %lluns", sock_call_name(ev->call.call),
	       (long long)ev->call.args[0], (long long)ev->call.args[1],
	       (long long)ev->call.args[2], (long long)ev->call.result,
	       (unsigned long long)ev->call.duration_ns);
}

/* kind time cookie flags family proto state netns fd pid tid uid comm local remote numbers */
static void print_event(void *ctx, const struct sock_event *ev)
{
	char comm[VIS_MAX(SOCK_COMM_LEN) + 1];

	(void)ctx;
	vis_str(comm, sizeof(comm), ev->comm, sizeof(ev->comm));
	printf("%s\t%llu\t%llx\t%u\t%u\t%u\t%u\t%u\t%d\t%u\t%u\t%u\t%s", kinds[ev->kind],
	       (unsigned long long)ev->time_ns, (unsigned long long)ev->cookie, ev->flags,
	       ev->family, ev->proto, ev->tcp_state, ev->netns, ev->fd, ev->pid, ev->tid, ev->uid,
	       comm);
	print_end(ev->local, ev->local_port);
	print_end(ev->remote, ev->remote_port);
	if (ev->kind == SOCK_EVENT_TOTALS || ev->kind == SOCK_EVENT_CLOSE ||
	    ev->kind == SOCK_EVENT_FAILED)
		print_totals(ev);
	if (ev->kind == SOCK_EVENT_INFO)
		print_info(ev);
	if (ev->kind == SOCK_EVENT_DROPS)
		printf("\t%s=%llu sent=%u", ev->dropped.name,
		       (unsigned long long)ev->dropped.packets, ev->dropped.sent);
	if (ev->kind == SOCK_EVENT_UNIX)
		print_unix(ev);
	if (ev->kind == SOCK_EVENT_CALL)
		print_call(ev);
	putchar('\n');
}

static void drop_event(void *ctx, const struct sock_event *ev)
{
	(void)ctx;
	(void)ev;
}

/* KIND=VALUE, at most SCOPE_VALUES_MAX of a kind */
static bool add_scope(struct probe_scope *s, const char *text)
{
	const char *value = strchr(text, '=');
	unsigned long n;

	if (!value++)
		return false;
	n = strtoul(value, NULL, 0);
	switch (*text) {
	case 'c': /* comm, cgroup */
		if (text[1] == 'o')
			strncpy(s->comms[s->comm_count++], value, SOCK_COMM_LEN - 1);
		else
			s->cgroups[s->cgroup_count++] = n;
		return true;
	case 'u': s->uids[s->uid_count++] = (uint32_t)n; return true;
	case 'n': s->netns[s->netns_count++] = (uint32_t)n; return true;
	case 'p': /* pid, port */
		if (text[1] == 'i')
			s->pids[s->pid_count++] = (uint32_t)n;
		else
			s->ports[s->port_count++] = (uint16_t)n;
		return true;
	default: return false;
	}
}

struct settings {
	struct probe_options probe;
	bool drop;
	sock_event_fn fn; /* what is done with an event */
	int totals_ms, stall_ms;
};

static int read_options(struct settings *s, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "p:r:m:k:s:acdqt:z:")) != -1)
		switch (c) {
		case 'p': s->probe.plan = *optarg == 's' ? PROBE_PLAN_S : PROBE_PLAN_N; break;
		case 'r': s->probe.ring_bytes = (uint32_t)strtoul(optarg, NULL, 0); break;
		case 'm': s->probe.max_sockets = (uint32_t)strtoul(optarg, NULL, 0); break;
		case 'k':
			s->probe.scope.pids[0] = (uint32_t)strtoul(optarg, NULL, 0);
			s->probe.scope.pid_count = 1;
			break;
		case 's':
			if (!add_scope(&s->probe.scope, optarg))
				return -EINVAL;
			break;
		case 'a': s->probe.all_families = true; break;
		case 'c': s->probe.calls = true; break;
		case 'd': s->drop = true; break;
		case 'q': s->fn = drop_event; break;
		case 't': s->totals_ms = atoi(optarg); break;
		case 'z': s->stall_ms = atoi(optarg); break;
		default: return -EINVAL;
		}
	return 0;
}

static int drop_all(void)
{
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return -errno;
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return -EPERM;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
}

static void run(struct probe *p, const struct settings *s)
{
	struct pollfd fd = {.fd = probe_fd(p), .events = POLLIN};
	int64_t next = 0;

	while (!stopped) {
		if (s->stall_ms)
			usleep((useconds_t)s->stall_ms * 1000);
		else
			poll(&fd, 1, 20);
		while (probe_read(p, 4096, s->fn, NULL) >= 4096)
			continue;
		if (clock_now_mono_ns() < next)
			continue;
		if (probe_totals(p, s->fn, NULL) < 0)
			puts("# totals failed");
		next = clock_now_mono_ns() + (int64_t)s->totals_ms * 1000000;
		fflush(stdout);
	}
	while (probe_read(p, 4096, s->fn, NULL))
		continue;
}

static void print_loss(struct probe *p)
{
	struct rusage used;
	struct loss loss = {{0}};

	probe_loss(p, &loss);
	for (int i = 0; i < LOSS_STAGES; i++)
		printf("# loss %s %llu\n", loss_name((enum loss_stage)i),
		       (unsigned long long)loss.count[i]);
	getrusage(RUSAGE_SELF, &used);
	printf("# cpu %ld.%06ld %ld.%06ld\n", (long)used.ru_utime.tv_sec,
	       (long)used.ru_utime.tv_usec, (long)used.ru_stime.tv_sec,
	       (long)used.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
	struct settings s = {.totals_ms = 1000, .fn = print_event};
	struct err e = {""};
	struct probe *p;
	int n;

	if (read_options(&s, argc, argv))
		return 2;
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	if (probe_open(&p, &s.probe, &e) || (n = probe_existing(p, s.fn, NULL, &e)) < 0) {
		printf("# failed %s\n", e.text);
		return 1;
	}
	if (s.drop && drop_all()) {
		puts("# failed to drop privileges");
		return 1;
	}
	printf("# ready %s, %d existing; blind: %s\n", probe_plan_name(probe_plan_used(p)), n,
	       probe_blind_spots(p));
	fflush(stdout);
	run(p, &s);
	print_loss(p);
	probe_free(p);
	return 0;
}
