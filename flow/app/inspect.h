/* SPDX-License-Identifier: MIT
 *
 * What a flow is about: the beginning of each direction is shown to the application parsers
 * (decode/app.h) until they have told all, or none of them knows it.
 *
 * Most directions are over with their first segment: then nothing was copied and nothing kept but
 * the facts. Otherwise the flow gets a struct progress until its end or the parsers'. When a
 * direction is over its flag in the flow is set, and its packets cost one test.
 */
#ifndef SOCKLENS_FLOW_INSPECT_H
#define SOCKLENS_FLOW_INSPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loss.h"
#include "base/slab.h"
#include "decode/packet.h"
#include "flow/budget.h"
#include "flow/app/candidates.h"
#include "flow/app/facts.h"
#include "flow/flow.h"
#include "flow/app/passive_dns.h"

struct inspector {
	struct candidates candidates;
	struct slab progress; /* of flows of which a direction is half read */
	struct slab facts;    /* struct facts *, owned: of the others that have some */
	struct budget streams, texts;
	struct facts *told; /* scratch: what one parser said */
	struct budget told_budget;
	struct passive_dns names;
};

int inspector_init(struct inspector *in, uint32_t max_flows); /* 0 or -ENOMEM */
void inspector_done(struct inspector *in);
void inspector_loss(const struct inspector *in, struct loss *out); /* adds stream */

/* May this packet of direction d tell anything? The whole cost of flows that are over. */
static inline bool inspect_wants(const struct flow *f, int d, const struct packet *p)
{
	if (f->flags & FLOW_TOLD << d)
		return false;
	return p->payload.p != p->payload.end || (p->has_tcp && p->tcp.flags & (TCP_FIN | TCP_RST));
}

/* A new flow: its ends may have names. */
void inspect_begin(struct inspector *in, const struct flow *f, struct flow_cold *c);
/* A packet of direction d that inspect_wants, accounted already; the nth of it (of TCP no matter). */
void inspect_packet(struct inspector *in, struct flow *f, struct flow_cold *c, int d,
		    const struct packet *p, uint32_t nth);
/* No more packets will come; facts stay. */
void inspect_end(struct inspector *in, struct flow *f, struct flow_cold *c);
/* The flow goes. */
void inspect_release(struct inspector *in, struct flow_cold *c);

const struct facts *inspect_facts(const struct inspector *in, const struct flow_cold *c);

/* A fact that was found elsewhere. */
void inspect_add_fact(struct inspector *in, struct flow_cold *c, enum fact_kind kind,
		      struct cursor text);

/* "tls"; "" when unknown. */
const char *inspect_app(const struct flow *f);

#endif
