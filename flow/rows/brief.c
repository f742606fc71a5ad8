/* SPDX-License-Identifier: MIT */
#include "flow/rows/brief.h"

#include <string.h>

#include "flow/rows/field.h"

/* Fields by how their names begin, the first that fits; what is not here takes the whole row. */
static const struct {
	const char *name;
	unsigned part;
} parts[] = {
	{"src.process.", BRIEF_OWNERS},
	{"dst.process.", BRIEF_OWNERS},
	{"src.tcp.", BRIEF_COUNTERS},
	{"dst.tcp.", BRIEF_COUNTERS},
	{"src.rate_bps", BRIEF_BASICS},
	{"dst.rate_bps", BRIEF_BASICS},
	{"src.bytes", BRIEF_BASICS},
	{"dst.bytes", BRIEF_BASICS},
	{"src.ip_bytes", BRIEF_BASICS},
	{"dst.ip_bytes", BRIEF_BASICS},
	{"src.packets", BRIEF_BASICS},
	{"dst.packets", BRIEF_BASICS},
	{"src.payload_bytes", BRIEF_BASICS},
	{"dst.payload_bytes", BRIEF_BASICS},
	{"src.ip", BRIEF_BASICS},
	{"dst.ip", BRIEF_BASICS},
	{"src.port", BRIEF_BASICS},
	{"dst.port", BRIEF_BASICS},
	{"start", BRIEF_BASICS}, /* and start_ns */
	{"end_ns", BRIEF_BASICS},
	{"duration_ns", BRIEF_BASICS},
	{"proto", BRIEF_BASICS},
	{"state", BRIEF_BASICS},
	{"rtt_ns.", BRIEF_BASICS},
};

static unsigned part_of(const char *field)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!strncmp(field, parts[i].name, strlen(parts[i].name)))
			return parts[i].part;
	}
	return BRIEF_ALL;
}

unsigned brief_needs(const struct query *q)
{
	unsigned needs = q->sort[0] ? part_of(q->sort) : BRIEF_BASICS;

	if (q->filter[0] || q->find[0]) /* may be about anything */
		return BRIEF_ALL;
	for (unsigned i = 0; i < SUMS_MAX && q->sums[i]; i++)
		needs |= part_of(q->sums[i]);
	return q->pid ? needs | BRIEF_OWNERS : needs;
}

void brief_fill(struct engine *en, struct flow_row *row, struct flow *f, unsigned needs)
{
	if (needs & BRIEF_ALL) {
		engine_fill_row(en, row, f);
		return;
	}
	flow_row_fill_basics(row, en->flows, f, needs & BRIEF_COUNTERS);
	if (needs & BRIEF_OWNERS)
		correlator_fill_owners(en->correlator, row, f);
	engine_fill_rates(en, row, f);
}
