/* SPDX-License-Identifier: MIT */
#include "cli/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/session.h"
#include "flow/join/delays.h"
#include "flow/tunnel_totals.h"
#include "report/spool.h"

enum { WAIT_MS = 100 };

/* What a reading process tells: in memory that both see. */
struct told {
	_Atomic uint64_t bytes; /* of the capture, so far */
	bool begun, finished;
	int status;
	struct err err;
	struct summary_row sum;
	struct delay_histograms delays;
};

struct capture {
	int spool_fd, pidfd; /* -1 = none */
	pid_t pid;
	struct spool_reader *reader;
	struct spool_row next; /* when merging */
	int64_t key;
	unsigned index;
};

struct jobs {
	struct jobs_ops ops;
	struct delay_histograms delays; /* of all captures */
	struct engine *engine; /* borrowed; NULL = not run yet */
	unsigned count, at_once;
	struct told *told;	  /* one a capture */
	struct capture *captures; /* in the order in which they were named */
	struct capture **line;	  /* those with rows: the one with the oldest first */
	struct capture **running; /* at_once of them, as of what they are watched by */
	struct pollfd *fds;
	struct tunnel_totals tunnels;
	bool has_tunnels;
};

/* --- life ------------------------------------------------------------------------------------- */

/* A file without a name, or memory where no folder takes one. */
static int open_spool(void)
{
	const char *folder = getenv("TMPDIR");
	int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd < 0 ? memfd_create("rows", MFD_CLOEXEC) : fd;
}

static int open_spools(struct jobs *j, struct err *e)
{
	for (unsigned i = 0; i < j->count; i++) {
		j->captures[i].spool_fd = open_spool();
		if (j->captures[i].spool_fd < 0)
			return err_set(e, -errno, "cannot make a temporary file: %s",
				       strerror(errno));
	}
	return 0;
}

int jobs_new(struct jobs **out, unsigned captures, unsigned at_once, struct err *e)
{
	struct jobs *j = calloc(1, sizeof(*j));
	int status;

	if (!j)
		return err_set(e, -ENOMEM, "out of memory");
	j->count = captures;
	j->at_once = at_once;
	j->told = mmap(NULL, captures * sizeof(*j->told), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	j->captures = calloc(captures, sizeof(*j->captures));
	j->line = calloc(captures, sizeof(struct capture *));
	j->running = calloc(at_once, sizeof(struct capture *));
	j->fds = calloc(at_once, sizeof(*j->fds));
	j->has_tunnels = tunnel_totals_init(&j->tunnels) == 0;
	for (unsigned i = 0; j->captures && i < captures; i++)
		j->captures[i] = (struct capture){.spool_fd = -1, .pidfd = -1, .index = i};
	if (j->told != MAP_FAILED && j->captures && j->line && j->running && j->fds &&
	    j->has_tunnels)
		status = open_spools(j, e);
	else
		status = err_set(e, -ENOMEM, "out of memory");
	if (status < 0)
		jobs_free(j);
	else
		*out = j;
	return status;
}

static void reap(struct capture *c)
{
	int status;

	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(c->pidfd);
	c->pidfd = -1;
}

void jobs_free(struct jobs *j)
{
	if (!j)
		return;
	for (unsigned i = 0; j->captures && i < j->count; i++) {
		struct capture *c = &j->captures[i];

		if (c->pidfd >= 0) {
			kill(c->pid, SIGKILL);
			reap(c);
		}
		if (c->spool_fd >= 0)
			close(c->spool_fd);
		spool_reader_free(c->reader);
	}
	if (j->told && j->told != MAP_FAILED)
		munmap(j->told, j->count * sizeof(*j->told));
	if (j->has_tunnels)
		tunnel_totals_done(&j->tunnels);
	free(j->captures);
	free(j->line);
	free(j->running);
	free(j->fds);
	free(j);
}

void jobs_progress(const void *jobs, uint64_t *done, uint64_t *size)
{
	const struct jobs *j = jobs;

	engine_progress(j->engine, done, size);
	*done = 0;
	for (unsigned i = 0; i < j->count; i++)
		*done += atomic_load_explicit(&j->told[i].bytes, memory_order_relaxed);
}

/* --- a process that reads --------------------------------------------------------------------- */

struct reading {
	struct engine *engine;
	struct told *told;
	struct spool_writer *spool;
};

static void spool_flow(void *ctx, const struct flow_row *row)
{
	const struct reading *r = ctx;

	spool_put(r->spool, &(struct spool_row){.kind = SPOOL_FLOW, .flow = row});
}

static void spool_socket(void *ctx, const struct socket_row *row)
{
	const struct reading *r = ctx;

	spool_put(r->spool, &(struct spool_row){.kind = SPOOL_SOCKET, .socket = row});
}

static void tell_bytes(void *ctx)
{
	const struct reading *r = ctx;
	uint64_t done, size;

	engine_progress(r->engine, &done, &size);
	atomic_store_explicit(&r->told->bytes, done, memory_order_relaxed);
}

static void read_one(struct reading *r)
{
	struct told *t = r->told;
	int status;

	t->status = engine_run(r->engine, &t->err);
	engine_finish(r->engine, &t->sum);
	t->delays = *t->sum.delays;
	for (unsigned i = 0; i < t->sum.tunnel_count; i++)
		spool_put(r->spool,
			  &(struct spool_row){.kind = SPOOL_TUNNEL, .tunnel = &t->sum.tunnels[i]});
	tell_bytes(r);
	status = spool_writer_free(r->spool);
	if (status < 0)
		t->status = err_set(&t->err, status, "cannot keep rows in a temporary file: %s",
				    strerror(-status));
	t->finished = true;
}

/* Of a copy of everything that the parent has: all of it was made to be run once. */
static void child(struct jobs *j, struct capture *c)
{
	struct reading r = {
		.engine = j->engine,
		.told = &j->told[c->index],
		.spool = spool_writer_new(c->spool_fd),
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!r.spool)
		_exit(1);
	engine_keep_source(r.engine, c->index);
	session_signals(r.engine);
	engine_on_flow(r.engine, spool_flow, &r);
	engine_on_socket(r.engine, j->ops.socket ? spool_socket : NULL, &r);
	engine_on_turn(r.engine, tell_bytes, &r);
	read_one(&r);
	_exit(0);
}

/* --- all of them ------------------------------------------------------------------------------ */

static int start(struct jobs *j, struct capture *c, struct err *e)
{
	c->pid = fork();
	if (c->pid == 0)
		child(j, c);
	if (c->pid < 0)
		return err_set(e, -errno, "cannot start a process: %s", strerror(errno));
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	if (c->pidfd >= 0)
		return 0;
	kill(c->pid, SIGKILL);
	return err_set(e, -errno, "cannot watch a process: %s", strerror(errno));
}

/* One has ended, or some time has passed. */
static unsigned wait_for_some(struct jobs *j, unsigned running)
{
	unsigned n = 0, ended = 0;

	for (unsigned i = 0; i < j->count && n < running; i++) {
		if (j->captures[i].pidfd < 0)
			continue;
		j->fds[n] = (struct pollfd){.fd = j->captures[i].pidfd, .events = POLLIN};
		j->running[n++] = &j->captures[i];
	}
	poll(j->fds, n, WAIT_MS);
	for (unsigned i = 0; i < n; i++) {
		if (!j->fds[i].revents)
			continue;
		reap(j->running[i]);
		ended++;
	}
	return ended;
}

/* They end as one engine does: what they have read until then is reported. */
static void stop_all(struct jobs *j)
{
	for (unsigned i = 0; i < j->count; i++)
		if (j->captures[i].pidfd >= 0)
			kill(j->captures[i].pid, SIGTERM);
}

static int read_all(struct jobs *j, struct err *e)
{
	unsigned next = 0, running = 0;
	bool stopped = false;

	while (running || (next < j->count && !stopped)) {
		while (!stopped && running < j->at_once && next < j->count) {
			int status = start(j, &j->captures[next], e);

			if (status < 0)
				return status;
			j->told[next++].begun = true;
			running++;
		}
		running -= wait_for_some(j, running);
		if (!stopped && engine_stopped(j->engine)) {
			stopped = true;
			stop_all(j);
		}
		j->ops.turn(j->ops.ctx);
	}
	return 0;
}

/* --- merging ---------------------------------------------------------------------------------- */

/* Ids are of one engine; what each capture adds to tell them apart leaves the first one's as they
 * were. */
static uint64_t id_of(const struct capture *c, uint64_t id)
{
	return c->index ? id ^ hash_bytes(&c->index, sizeof(c->index), 1) : id;
}

static void rename_parent(const struct capture *c, char parent[17])
{
	if (*parent)
		snprintf(parent, 17, "%016" PRIx64, id_of(c, strtoull(parent, NULL, 16)));
}

static void hand_out(struct jobs *j, const struct capture *c)
{
	struct flow_row flow;
	struct socket_row socket;

	if (c->next.kind == SPOOL_FLOW) {
		memcpy(&flow, c->next.flow,
		       offsetof(struct flow_row, texts) + c->next.flow->texts_len);
		flow.id = id_of(c, flow.id);
		rename_parent(c, flow.mptcp_parent);
		rename_parent(c, flow.sctp_parent);
		j->ops.flow(j->ops.ctx, &flow);
	} else if (c->next.kind == SPOOL_SOCKET) {
		socket = *c->next.socket;
		socket.id = id_of(c, socket.id);
		j->ops.socket(j->ops.ctx, &socket);
	} else {
		tunnel_totals_merge(&j->tunnels, c->next.tunnel);
	}
}

/* Flows by their start; what has none stays behind the flow before. */
static int next_row(struct capture *c)
{
	int status = spool_get(c->reader, &c->next);

	if (status == 0 && c->next.kind == SPOOL_FLOW)
		c->key = c->next.flow->start_ns;
	return status;
}

static bool comes_before(const struct capture *a, const struct capture *b)
{
	return a->key != b->key ? a->key < b->key : a->index < b->index;
}

static void put_at(struct capture **line, unsigned count, unsigned i, struct capture *c)
{
	for (; i + 1 < count && comes_before(line[i + 1], c); i++)
		line[i] = line[i + 1];
	line[i] = c;
}

/* Those that have rows; how many. */
static unsigned line_up(struct jobs *j)
{
	unsigned count = 0;

	for (unsigned i = j->count; i-- > 0;) {
		struct capture *c = &j->captures[i];

		if (!j->told[i].begun)
			continue;
		c->key = INT64_MIN;
		c->reader = spool_reader_new(c->spool_fd);
		if (!c->reader || next_row(c) < 0 || c->next.kind == SPOOL_END)
			continue;
		memmove(j->line + 1, j->line, count * sizeof(struct capture *));
		put_at(j->line, ++count, 0, c);
	}
	return count;
}

static void merge(struct jobs *j)
{
	unsigned count = line_up(j);

	while (count) {
		struct capture *c = j->line[0];

		hand_out(j, c);
		if (next_row(c) < 0 || c->next.kind == SPOOL_END)
			memmove(j->line, j->line + 1, --count * sizeof(struct capture *));
		else
			put_at(j->line, count, 0, c);
	}
}

/* --- the end ---------------------------------------------------------------------------------- */

/* The worst of all; of the same kind the first. */
static void note(int *worst, int status, const struct err *why, struct err *e)
{
	if (!status || (*worst && (*worst != -EBADMSG || status == -EBADMSG)))
		return;
	*worst = status;
	*e = *why;
}

static int add_up(struct jobs *j, struct summary_row *sum, struct err *e)
{
	struct err died;
	int worst = 0;

	engine_summary(j->engine, sum);
	for (unsigned i = 0; i < j->count; i++) {
		const struct told *t = &j->told[i];

		if (!t->begun) /* stopped before its turn */
			continue;
		if (!t->finished) {
			err_set(&died, -EIO, "the process that read capture %u ended early", i + 1);
			note(&worst, -EIO, &died, e);
			continue;
		}
		summary_add(sum, &t->sum);
		delay_histograms_merge(&j->delays, &t->delays);
		note(&worst, t->status, &t->err, e);
	}
	sum->tunnels = j->tunnels.count ? j->tunnels.rows : NULL;
	sum->tunnel_count = j->tunnels.count;
	sum->delays = &j->delays;
	return worst;
}

int jobs_run(struct jobs *j, struct engine *en, const struct jobs_ops *ops, struct summary_row *sum,
	     struct err *e)
{
	struct err why;
	int status, worst;

	j->engine = en;
	j->ops = *ops;
	status = read_all(j, &why);
	merge(j);
	worst = add_up(j, sum, e);
	note(&worst, status, &why, e);
	return worst;
}
