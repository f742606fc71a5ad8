/* SPDX-License-Identifier: MIT
 *
 * What the engine has seen and not seen, as the summary row.
 */
#include <stdio.h>

#include "flow/engine_private.h"
#include "flow/scope.h"

static void summary_loss(struct engine *en, struct loss *out)
{
	for (unsigned i = 0; i < en->source_count; i++)
		source_loss(en->sources[i], out);
	if (en->probe)
		probe_loss(en->probe, out);
	flow_table_loss(en->flows, out);
	correlator_loss(en->correlator, out);
	out->count[LOSS_TRUNCATED] += en->counts.other[PACKET_TRUNCATED];
}

static void summary_probe(const struct engine *en, struct summary_row *out)
{
	if (en->probe)
		snprintf(out->probe, sizeof(out->probe), "plan %s: %s",
			 probe_plan_name(probe_plan_used(en->probe)), probe_blind_spots(en->probe));
	else
		snprintf(out->probe, sizeof(out->probe), "%s", en->probe_absent);
}

void engine_summary(struct engine *en, struct summary_row *out)
{
	const struct engine_counts *c = &en->counts;

	*out = (struct summary_row){
		.packets = (int64_t)c->packets,
		.flow_packets = (int64_t)c->other[PACKET_IN_FLOW],
		.other_packets = (int64_t)(c->packets - c->other[PACKET_IN_FLOW]),
		.bytes = (int64_t)c->bytes,
		.flows = (int64_t)flow_table_total(en->flows),
		.live_flows = flow_table_live(en->flows),
		.out_of_scope = scope_is_all(&en->options.scope) ? ROW_ABSENT
								 : (int64_t)en->counts.out_of_scope,
		.sockets = ROW_ABSENT,
		.events = ROW_ABSENT,
		.first_ns = c->packets ? c->first_ns : ROW_ABSENT,
		.last_ns = c->packets ? c->last_ns : ROW_ABSENT,
	};
	for (int i = 0; i < PACKET_OTHER_COUNT; i++)
		out->other[i] = (int64_t)c->other[i];
	for (int i = 0; i < ANOMALY_COUNT; i++)
		out->anomalies[i] = (int64_t)c->anomalies[i];
	out->anomalies[ANOMALY_IP_FRAGMENT] += (int64_t)flow_table_bad_fragments(en->flows);
	if (en->probe || en->recorded) {
		out->sockets = (int64_t)socket_table_total(correlator_sockets(en->correlator));
		out->events = (int64_t)correlator_events(en->correlator);
	}
	out->tunnels = flow_table_tunnels(en->flows, &out->tunnel_count);
	summary_loss(en, &out->loss);
	summary_probe(en, out);
}

/* --- of several runs -------------------------------------------------------------------------- */

static void add_known(int64_t *to, int64_t more)
{
	if (more != ROW_ABSENT)
		*to = *to == ROW_ABSENT ? more : *to + more;
}

static void widen(struct summary_row *to, const struct summary_row *more)
{
	if (more->first_ns == ROW_ABSENT)
		return;
	if (to->first_ns == ROW_ABSENT || more->first_ns < to->first_ns)
		to->first_ns = more->first_ns;
	if (to->last_ns == ROW_ABSENT || more->last_ns > to->last_ns)
		to->last_ns = more->last_ns;
}

void summary_add(struct summary_row *to, const struct summary_row *more)
{
	to->packets += more->packets;
	to->flow_packets += more->flow_packets;
	to->other_packets += more->other_packets;
	for (int i = 0; i < PACKET_OTHER_COUNT; i++)
		to->other[i] += more->other[i];
	for (int i = 0; i < ANOMALY_COUNT; i++)
		to->anomalies[i] += more->anomalies[i];
	to->bytes += more->bytes;
	to->flows += more->flows;
	to->live_flows += more->live_flows;
	to->hidden += more->hidden;
	add_known(&to->out_of_scope, more->out_of_scope);
	add_known(&to->sockets, more->sockets);
	add_known(&to->events, more->events);
	widen(to, more);
	loss_add(&to->loss, &more->loss);
}
