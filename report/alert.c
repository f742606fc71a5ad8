/* SPDX-License-Identifier: MIT
 *
 * What has fired is remembered as a 64-bit hash of rule, flow and state, in two sets: when the
 * newer one is half full it becomes the older, whose entries are forgotten. What is found in the
 * older one moves to the newer, so flows that live are remembered as long as they do.
 */
#include "report/alert.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { SLOTS = ALERT_REMEMBERED * 2 };
#define SECOND_NS INT64_C(1000000000)

struct rule {
	struct filter *filter; /* owned */
	double tokens;	       /* firings that are left */
	int64_t time_ns;       /* newest of its rows */
	struct alert_counts counts;
};

struct alerts {
	alert_fn fn;
	void *ctx;
	uint64_t seed;
	struct rule rules[ALERT_RULES_MAX];
	unsigned rule_count;
	uint64_t *newer, *older; /* owned; 0 = empty */
	unsigned newer_count;
};

struct alerts *alerts_new(alert_fn fn, void *ctx)
{
	struct alerts *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->fn = fn;
	a->ctx = ctx;
	a->seed = hash_random_seed();
	a->newer = calloc(SLOTS, sizeof(*a->newer));
	a->older = calloc(SLOTS, sizeof(*a->older));
	if (a->newer && a->older)
		return a;
	alerts_free(a);
	return NULL;
}

void alerts_free(struct alerts *a)
{
	if (!a)
		return;
	for (unsigned i = 0; i < a->rule_count; i++)
		filter_free(a->rules[i].filter);
	free(a->newer);
	free(a->older);
	free(a);
}

int alerts_add(struct alerts *a, const char *when, struct err *e)
{
	struct rule *r = &a->rules[a->rule_count];
	int status;

	if (a->rule_count == ALERT_RULES_MAX)
		return err_set(e, -EINVAL, "at most %d of them", ALERT_RULES_MAX);
	*r = (struct rule){.tokens = ALERT_BURST, .time_ns = INT64_MIN};
	status = filter_compile(&r->filter, &flow_filter_table, when, NULL, e);
	a->rule_count += status == 0;
	return status;
}

/* --- once a flow and state -------------------------------------------------------------------- */

/* Where it is, or the empty place where it belongs. */
static uint64_t *place(uint64_t *set, uint64_t key)
{
	size_t i = key % SLOTS;

	while (set[i] && set[i] != key)
		i = (i + 1) % SLOTS;
	return &set[i];
}

static void remember(struct alerts *a, uint64_t key)
{
	uint64_t *forgotten = a->older;

	if (a->newer_count == ALERT_REMEMBERED) {
		a->older = a->newer;
		a->newer = forgotten;
		memset(a->newer, 0, SLOTS * sizeof(*a->newer));
		a->newer_count = 0;
	}
	*place(a->newer, key) = key;
	a->newer_count++;
}

static bool is_new(struct alerts *a, uint64_t key)
{
	bool old;

	if (*place(a->newer, key))
		return false;
	old = *place(a->older, key);
	remember(a, key);
	return !old;
}

static uint64_t key_of(const struct alerts *a, unsigned rule, const struct flow_row *row)
{
	uint64_t state = hash_bytes(row->state, strlen(row->state), a->seed);

	return hash_mix(row->id, state + rule, a->seed) | 1;
}

/* --- not too many ----------------------------------------------------------------------------- */

/* Rows come nearly in order: time that goes back changes nothing. */
static bool may_fire(struct rule *r, int64_t now_ns)
{
	if (r->time_ns != INT64_MIN && now_ns > r->time_ns)
		r->tokens += (double)(now_ns - r->time_ns) / SECOND_NS * ALERT_A_SECOND;
	if (r->tokens > ALERT_BURST)
		r->tokens = ALERT_BURST;
	if (now_ns > r->time_ns)
		r->time_ns = now_ns;
	if (r->tokens < 1)
		return false;
	r->tokens--;
	return true;
}

void alerts_row(struct alerts *a, const struct flow_row *row)
{
	for (unsigned i = 0; i < a->rule_count; i++) {
		struct rule *r = &a->rules[i];

		if (!filter_holds(r->filter, row) || !is_new(a, key_of(a, i, row)))
			continue;
		if (!may_fire(r, row->end_ns)) {
			r->counts.suppressed++;
			continue;
		}
		r->counts.fired++;
		a->fn(a->ctx, i, row);
	}
}

struct alert_counts alerts_counts(const struct alerts *a, unsigned rule)
{
	return a->rules[rule].counts;
}
