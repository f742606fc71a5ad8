/* SPDX-License-Identifier: MIT
 *
 * The last line of a report: what was counted, and what was lost.
 */
#include "report/record.h"

#include <string.h>

#include "report/delays.h"
#include "report/exporter.h"
#include "report/put_json.h"

static char *put_count(char *w, const char *key, int64_t v)
{
	if (v == ROW_ABSENT)
		return w;
	*w++ = '"';
	w = put_literal(w, key);
	w = put_literal(w, "\":");
	w = put_i64(w, v);
	*w++ = ',';
	return w;
}

static char *put_others(char *w, const struct summary_row *sum)
{
	w = put_literal(w, "\"other\":{");
	for (unsigned i = PACKET_IN_FLOW + 1; i < PACKET_OTHER_COUNT; i++)
		w = put_count(w, packet_other_name(i), sum->other[i]);
	return put_object_end(w);
}

static char *put_anomalies(char *w, const struct summary_row *sum)
{
	w = put_literal(w, "\"anomalies\":{");
	for (unsigned i = 0; i < ANOMALY_COUNT; i++)
		w = put_count(w, packet_anomaly_name(i), sum->anomalies[i]);
	return put_object_end(w);
}

static char *put_loss(char *w, const struct loss *loss)
{
	w = put_literal(w, "\"loss\":{");
	for (unsigned i = 0; i < LOSS_STAGES; i++)
		w = put_count(w, loss_name(i), (int64_t)loss->count[i]);
	return put_object_end(w);
}

/* As many as fit. */
static char *put_totals(char *w, const char *end, const struct summary_row *sum)
{
	enum { TUNNEL_JSON_MAX = 512 };

	if (!sum->tunnel_count)
		return w;
	w = put_literal(w, "\"tunnels\":[");
	for (unsigned i = 0; i < sum->tunnel_count && end - w > 2 * TUNNEL_JSON_MAX; i++) {
		w = put_tunnel(w, &sum->tunnels[i].tunnel);
		w[-1] = ',';
		w = put_count(w, "packets", sum->tunnels[i].packets);
		w = put_count(w, "bytes", sum->tunnels[i].bytes);
		w[-1] = '}';
		*w++ = ',';
	}
	w[-1] = ']';
	*w++ = ',';
	return w;
}

static char *put_probe(char *w, const char *probe)
{
	if (!*probe)
		return w;
	w = put_literal(w, "\"probe\":");
	w = put_string(w, probe, strlen(probe));
	*w++ = ',';
	return w;
}

void record_summary(struct buf *out, const struct summary_row *sum)
{
	char *start = buf_reserve(out, EXPORTER_ROW_MAX), *w = start;

	if (!start)
		return;
	w = put_literal(w, "{\"type\":\"summary\",");
	w = put_count(w, "schema", RECORD_SCHEMA);
	w = put_count(w, "packets", sum->packets);
	w = put_count(w, "flow_packets", sum->flow_packets);
	w = put_count(w, "other_packets", sum->other_packets);
	w = put_others(w, sum);
	w = put_anomalies(w, sum);
	w = put_count(w, "bytes", sum->bytes);
	w = put_count(w, "flows", sum->flows);
	w = put_count(w, "live_flows", sum->live_flows);
	w = put_count(w, "hidden", sum->hidden ? sum->hidden : ROW_ABSENT);
	w = put_count(w, "flows_out_of_scope", sum->out_of_scope);
	w = put_count(w, "sockets", sum->sockets);
	w = put_count(w, "events", sum->events);
	w = put_count(w, "first_ns", sum->first_ns);
	w = put_count(w, "last_ns", sum->last_ns);
	w = put_loss(w, &sum->loss);
	w = put_probe(w, sum->probe);
	w = put_totals(w, start + EXPORTER_ROW_MAX, sum);
	out->len += (size_t)(w - 1 - start);
	delays_put_json(out, sum->delays);
	buf_putc(out, '}');
}
