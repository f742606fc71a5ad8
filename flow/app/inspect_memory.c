/* SPDX-License-Identifier: MIT */
#include "flow/app/inspect_private.h"

#include <errno.h>
#include <stdlib.h>

#include "decode/dtls.h"
#include "decode/quic.h"

enum {
	STREAMS_BYTES = 64 << 20,
	TEXTS_BYTES = 512 << 20,
};

int inspector_init(struct inspector *in, uint32_t max_flows)
{
	*in = (struct inspector){
		.streams = {.max = STREAMS_BYTES},
		.texts = {.max = TEXTS_BYTES},
		.told_budget = {.max = FACTS_BYTES_MAX},
	};
	app_parsers_init();
	if (candidates_init(&in->candidates) || passive_dns_init(&in->names, PASSIVE_DNS_MAX) ||
	    slab_init(&in->progress, sizeof(struct progress), max_flows) ||
	    slab_init(&in->facts, sizeof(struct facts *), max_flows)) {
		inspector_done(in);
		return -ENOMEM;
	}
	return 0;
}

static void free_progress(struct inspector *in, uint32_t slot)
{
	struct progress *pr = slab_at(&in->progress, slot);

	stream_done(&pr->side[0].stream, &in->streams);
	stream_done(&pr->side[1].stream, &in->streams);
	budget_give(&in->streams, sizeof(*pr) + (pr->hello ? sizeof(*pr->hello) : 0) +
					  (pr->dtls ? sizeof(*pr->dtls) : 0));
	free(pr->hello);
	free(pr->dtls);
	slab_free(&in->progress, slab_id_of(&in->progress, slot));
}

void inspector_done(struct inspector *in)
{
	for (uint32_t i = 0; (i = slab_next(&in->progress, i)) < in->progress.slots; i++) {
		facts_free(((struct progress *)slab_at(&in->progress, i))->facts, &in->texts);
		free_progress(in, i);
	}
	for (uint32_t i = 0; (i = slab_next(&in->facts, i)) < in->facts.slots; i++)
		facts_free(*(struct facts **)slab_at(&in->facts, i), &in->texts);
	slab_done(&in->progress);
	slab_done(&in->facts);
	passive_dns_done(&in->names);
	candidates_done(&in->candidates);
	facts_free(in->told, &in->told_budget);
	in->told = NULL;
}

void inspector_loss(const struct inspector *in, struct loss *out)
{
	out->count[LOSS_STREAM] += in->streams.refused;
}

struct progress *inspect_progress(const struct inspector *in, const struct flow_cold *c)
{
	return c->inspection & HALF_READ ? slab_at(&in->progress, (c->inspection & ~HALF_READ) - 1)
					 : NULL;
}

/* Where the flow's facts are; NULL when it has none. */
static struct facts **peek_facts(const struct inspector *in, const struct flow_cold *c)
{
	struct progress *pr = inspect_progress(in, c);

	if (pr)
		return &pr->facts;
	return c->inspection ? slab_at(&in->facts, c->inspection - 1) : NULL;
}

struct facts **inspect_facts_of(struct inspector *in, struct flow_cold *c)
{
	struct slab_id id;
	struct facts **facts = peek_facts(in, c);

	if (facts)
		return facts;
	facts = slab_new(&in->facts, &id);
	if (facts)
		c->inspection = id.slot + 1;
	return facts;
}

void inspect_leave(struct inspector *in, struct flow_cold *c)
{
	struct facts **place, *facts = inspect_progress(in, c)->facts;

	free_progress(in, (c->inspection & ~HALF_READ) - 1);
	c->inspection = 0;
	place = facts ? inspect_facts_of(in, c) : NULL;
	if (place)
		*place = facts;
	else
		facts_free(facts, &in->texts);
}

static void free_facts_place(struct inspector *in, struct flow_cold *c)
{
	if (c->inspection)
		slab_free(&in->facts, slab_id_of(&in->facts, c->inspection - 1));
	c->inspection = 0;
}

struct progress *inspect_progress_of(struct inspector *in, struct flow_cold *c)
{
	struct progress *pr = inspect_progress(in, c);
	struct facts **facts;
	struct slab_id id;

	if (pr)
		return pr;
	if (!budget_take(&in->streams, sizeof(*pr)))
		return NULL;
	pr = slab_new(&in->progress, &id);
	if (!pr) {
		budget_give(&in->streams, sizeof(*pr));
		return NULL;
	}
	facts = peek_facts(in, c);
	pr->facts = facts ? *facts : NULL;
	free_facts_place(in, c);
	c->inspection = (id.slot + 1) | HALF_READ;
	return pr;
}

void inspect_release(struct inspector *in, struct flow_cold *c)
{
	struct facts **facts;

	if (c->inspection & HALF_READ)
		inspect_leave(in, c);
	facts = peek_facts(in, c);
	if (!facts)
		return;
	facts_free(*facts, &in->texts);
	free_facts_place(in, c);
}

const struct facts *inspect_facts(const struct inspector *in, const struct flow_cold *c)
{
	struct facts **facts = peek_facts(in, c);

	return facts ? *facts : NULL;
}

void inspect_add_fact(struct inspector *in, struct flow_cold *c, enum fact_kind kind,
		      struct cursor text)
{
	struct facts **facts = inspect_facts_of(in, c);

	if (facts)
		facts_add(facts, &in->texts, kind, text.p, cursor_left(&text));
}

const char *inspect_app(const struct flow *f)
{
	unsigned count;

	return f->app ? app_parsers(&count)[f->app - 1].name : "";
}
