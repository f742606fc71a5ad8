/* SPDX-License-Identifier: MIT
 *
 * What the engine does with frames and with socket events: each goes to the parts that it concerns.
 */
#include <errno.h>
#include <string.h>

#include "bpf/call_event.h"
#include "decode/checksum.h"
#include "flow/engine_private.h"
#include "flow/kept_frames.h"
#include "flow/recorded.h"

static void count_odd(struct engine_counts *c, const struct packet *p)
{
	c->other[p->other]++;
	for (uint32_t left = p->anomalies; left; left &= left - 1)
		c->anomalies[__builtin_ctz(left)]++;
}

static void note_disorder(struct engine_counts *c, int64_t late_ns)
{
	if (late_ns > c->disorder_ns)
		c->disorder_ns = late_ns;
}

/* What most packets have in common is added up here, and not in memory. */
static void count_packets(struct engine_counts *c, const struct packet *packets, unsigned n)
{
	int64_t first_ns = c->first_ns, last_ns = c->last_ns;
	uint64_t bytes = 0, plain = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct packet *p = &packets[i];

		first_ns = p->time_ns < first_ns ? p->time_ns : first_ns;
		if (p->time_ns >= last_ns)
			last_ns = p->time_ns;
		else
			note_disorder(c, last_ns - p->time_ns);
		bytes += p->wirelen;
		if (p->other == PACKET_IN_FLOW && !p->anomalies)
			plain++;
		else
			count_odd(c, p);
	}
	c->first_ns = first_ns;
	c->last_ns = last_ns;
	c->bytes += bytes;
	c->packets += n;
	c->other[PACKET_IN_FLOW] += plain;
}

static void note_times(struct time_axis *t, const struct packet *packets, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		axis_add(t, packets[i].time_ns, packets[i].wirelen);
}

/* A packet counts once, however often it was captured on its way through this machine. */
static void judge_packet(struct engine *en, struct packet *p)
{
	if (en->options.checksums)
		checksum_verify(p);
	if (p->interface && p->other == PACKET_IN_FLOW && duplicates_seen(en->duplicates, p))
		p->other = PACKET_DUPLICATE;
}

static void take_packets(struct engine *en, const struct packet *packets, unsigned n)
{
	flow_table_packets(en->flows, packets, n);
	if (en->call_delays)
		call_delays_packets(en->call_delays, packets, n);
	if (en->on_packets)
		en->on_packets(en->on_packets_ctx, packets, n);
}

/* What a comment says of a frame's socket is known before the frame counts, wherever batches end.
 */
static void take_recorded(struct engine *en, const struct frame *frames, unsigned n, bool commented)
{
	struct sock_event ev;
	unsigned from = 0;

	for (unsigned i = 0; commented && i < n; i++) {
		if (!frames[i].comment || !recorded_event(&ev, &frames[i], &en->packets[i]))
			continue;
		take_packets(en, en->packets + from, i - from);
		from = i;
		correlator_event(en->correlator, &ev);
	}
	take_packets(en, en->packets + from, n - from);
}

void engine_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct engine *en = ctx;
	bool commented = false;

	if (en->on_frames)
		en->on_frames(en->on_frames_ctx, frames, n);
	if (en->bytes)
		kept_frames_add(en->bytes, frames, n);
	if (!en->counts.packets && n)
		en->counts.first_ns = en->counts.last_ns = frames[0].time_ns;
	for (unsigned i = 0; i < n; i++) {
		const struct frame *f = &frames[i];

		decode_frame(&en->packets[i], f->linktype, f->data, f->caplen, f->wirelen,
			     f->time_ns);
		judge_packet(en, &en->packets[i]);
		commented |= f->comment != NULL;
	}
	count_packets(&en->counts, en->packets, n);
	if (en->axis)
		note_times(en->axis, en->packets, n);
	if (en->recorded)
		take_packets(en, en->packets, n);
	else
		take_recorded(en, frames, n, commented);
	if (en->recorder)
		recorder_frames(en->recorder, en, en->source_now, frames, en->packets, n);
}

static void take_call(struct engine *en, const struct sock_event *ev)
{
	const struct call_event *c = (const void *)ev;
	struct call_event wall;

	if (!en->on_call && !en->call_delays)
		return;
	memcpy(&wall, c, call_event_bytes(c));
	wall.ev.time_ns = (uint64_t)clock_wall_ns(&en->clock, (int64_t)ev->time_ns);
	if (en->call_delays)
		call_delays_call(en->call_delays, &wall);
	if (en->on_call)
		en->on_call(en->on_call_ctx, &wall);
}

void engine_event(void *ctx, const struct sock_event *ev)
{
	struct engine *en = ctx;
	struct sock_event wall = *ev;

	if (ev->kind == SOCK_EVENT_CALL) {
		take_call(en, ev);
		return;
	}
	wall.time_ns = (uint64_t)clock_wall_ns(&en->clock, (int64_t)ev->time_ns);
	correlator_event(en->correlator, &wall);
	if (en->recorder)
		recorder_event(en->recorder, en, &wall);
}

int engine_existing_sockets(struct engine *en, struct err *e)
{
	int n = en->probe ? probe_existing(en->probe, engine_event, en, e) : 0;

	correlator_settle(en->correlator);
	return n;
}

/* Damage ends one file, not the run: what the others hold is still worth reading. */
void engine_note_damage(struct engine *en, int status, const struct err *e)
{
	if (en->status == 0 || (en->status == -EBADMSG && status != -EBADMSG)) {
		en->status = status;
		en->error = *e;
	}
}
