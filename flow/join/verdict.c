/* SPDX-License-Identifier: MIT */
#include "flow/join/verdict.h"

#include <string.h>

enum { MS_NS = 1000000 };

/* Both are copied as a whole: of a size that is known no end is looked for. */
static const char rule_names[][sizeof(((struct verdict_row *)0)->evidence)] = {
#define X(id, name, sentence) [VERDICT_##id] = name,
	VERDICT_RULE_ROWS(X)
#undef X
};

const char *verdict_rule_name(enum verdict_rule rule)
{
	return rule_names[rule];
}

const char *verdict_sentence(const char *name)
{
	static const struct {
		const char *name, *sentence;
	} rows[] = {
#define X(id, its_name, its_sentence) {its_name, its_sentence},
		VERDICT_RULE_ROWS(X)
#undef X
	};

	for (unsigned i = 0; i < VERDICT_RULES; i++)
		if (!strcmp(rows[i].name, name))
			return rows[i].sentence;
	return "";
}

void verdict_absent(struct verdict_row *v)
{
	v->waits_for[0] = v->evidence[0] = '\0';
	v->app_ns = v->receiver_ns = v->network_ns = v->peer_ns = v->unknown_ns = v->loss_ns =
		v->unanswered_ns = ROW_ABSENT;
}

/* --- deciding
 * ------------------------------------------------------------------------------------- */

/* The rule that speaks for each cause. */
struct evidence {
	enum verdict_rule app, peer, receiver;
};

static const struct evidence by_frames = {VERDICT_SILENT, VERDICT_SILENT, VERDICT_WINDOW};

static void decide(struct verdict_row *v, const struct evidence *e)
{
	static const char names[][sizeof(v->waits_for)] = {"app",     "peer",	 "receiver",
							   "network", "unknown", "unknown"};
	int64_t life = v->app_ns + v->peer_ns + v->receiver_ns + v->network_ns + v->unknown_ns;
	const struct {
		int64_t ns;
		enum verdict_rule rule;
	} causes[] = {
		{v->app_ns, e->app},
		{v->peer_ns, e->peer},
		{v->receiver_ns, e->receiver},
		{v->network_ns, v->loss_ns > v->network_ns / 2 ? VERDICT_LOSS : VERDICT_TRANSIT},
		{v->unknown_ns, VERDICT_UNANSWERED},
		{life, VERDICT_MIXED},
	};
	unsigned i = 0;

	if (life <= 0)
		return;
	while (causes[i].ns <= life / 2)
		i++;
	memcpy(v->waits_for, names[i], sizeof(v->waits_for));
	memcpy(v->evidence, rule_names[causes[i].rule], sizeof(v->evidence));
}

void verdict_frames(struct flow_row *row, const struct tcp_waits *w, int originator)
{
	struct verdict_row *v = &row->verdict;

	if (w->life <= 0)
		return;
	v->app_ns = w->app[originator];
	v->peer_ns = w->app[!originator];
	v->receiver_ns = w->receiver[0] + w->receiver[1];
	v->network_ns = w->network;
	v->unknown_ns = w->unknown;
	v->unanswered_ns = w->unanswered;
	v->loss_ns = w->loss;
	decide(v, &by_frames);
}

/* --- what sockets add
 * ----------------------------------------------------------------------------- */

/* Up to ns of one share become another's; what was moved. */
static int64_t move(int64_t *from, int64_t *to, int64_t ns)
{
	ns = ns < *from ? ns : *from;
	if (ns <= 0)
		return 0;
	*from -= ns;
	*to += ns;
	return ns;
}

/* The share of the receiver is `ns` at least: frames took the rest for the network, or for a silent
 * program. */
static int64_t raise_receiver(struct verdict_row *v, int64_t *silent, int64_t ns)
{
	int64_t missing = ns - v->receiver_ns;
	int64_t moved = move(silent, &v->receiver_ns, missing);

	return moved + move(&v->network_ns, &v->receiver_ns, missing - moved);
}

/* What is unread now has been so since it was sampled. */
static int64_t unread_ns(const struct socket *s, int64_t end_ns)
{
	const struct tcp_info_kept *k = s ? &s->info : NULL;
	bool still = k && !s->death_ns && tcp_info_unread(k) && end_ns > k->time_ns;

	return !k ? 0 : still ? k->unread_ns + end_ns - k->time_ns : k->unread_ns;
}

static int64_t window_ns(const struct socket *s)
{
	return s ? s->info.window_ns : 0;
}

/* "app" is the program of this machine: frames alone took the originator's for it. */
static void name_local(struct verdict_row *v, struct evidence *e, const struct verdict_sockets *s)
{
	int64_t app_ns = v->app_ns;
	enum verdict_rule app = e->app;

	if (!s->dst || s->src)
		return;
	v->app_ns = v->peer_ns;
	v->peer_ns = app_ns;
	e->app = e->peer;
	e->peer = app;
}

void verdict_sockets(struct flow_row *row, const struct verdict_sockets *s)
{
	struct verdict_row *v = &row->verdict;
	struct evidence e = by_frames;
	int64_t unread, limited, queue;

	if (v->app_ns == ROW_ABSENT || (!s->src && !s->dst && !s->listener))
		return;
	unread = raise_receiver(v, &v->app_ns, unread_ns(s->src, row->end_ns)) +
		 raise_receiver(v, &v->peer_ns, unread_ns(s->dst, row->end_ns));
	limited = raise_receiver(v, &v->peer_ns, window_ns(s->src)) +
		  raise_receiver(v, &v->app_ns, window_ns(s->dst));
	queue = 0;
	if (s->listener && tcp_info_was_full(&s->listener->info, row->start_ns, row->end_ns))
		queue = move(&v->unknown_ns, &v->peer_ns, v->unanswered_ns);
	else if (s->listener && s->listener->info.time_ns && s->settled)
		v->loss_ns += move(&v->unknown_ns, &v->network_ns, v->unanswered_ns);
	if (unread > v->receiver_ns / 2)
		e.receiver = VERDICT_UNREAD;
	else if (limited > v->receiver_ns / 2)
		e.receiver = VERDICT_LIMITED;
	if (queue > v->peer_ns / 2)
		e.peer = VERDICT_ACCEPT_QUEUE;
	name_local(v, &e, s);
	decide(v, &e);
}
