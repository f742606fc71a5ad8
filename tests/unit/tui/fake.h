/* SPDX-License-Identifier: MIT
 *
 * Snapshots made by hand, and the screen as text: what the tests of the dashboard share.
 */
#ifndef SOCKLENS_TESTS_TUI_FAKE_H
#define SOCKLENS_TESTS_TUI_FAKE_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/join/ledger.h"
#include "flow/join/verdict.h"
#include "tui/app.h"

/* Widths of characters are those of a UTF-8 locale. */
static inline int fake_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

static inline void fake_end(struct flow_end_row *e, uint8_t last, int64_t port)
{
	const uint8_t v4[4] = {192, 0, 2, last};

	memset(e, 0, sizeof(*e));
	e->addr = addr_v4(v4);
	e->port = port;
	for (int i = 0; i < TCP_COUNTERS; i++)
		e->tcp[i] = 0;
	e->process = (struct process_row){
		.pid = ROW_ABSENT, .tid = ROW_ABSENT, .uid = ROW_ABSENT, .fd = ROW_ABSENT,
		.netns = ROW_ABSENT, .cgroup = ROW_ABSENT, .owners = ROW_ABSENT,
		.match = MATCH_NONE, .reason = UNBOUND_REMOTE,
	};
	ledger_absent(e);
	e->rtp = (struct rtp_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				  ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ""};
	e->sack = (struct sack_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	e->window = (struct window_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	e->rtt_ns = (struct half_rtt_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	e->in_flight_max = e->undelivered_bytes = ROW_ABSENT;
}

/* Flow n: process "procN" with pid 100 + n, from 192.0.2.n:40000+n to 192.0.2.250:443. */
static inline void fake_flow(struct flow_row *row, unsigned n)
{
	char name[32];

	memset(row, 0, sizeof(*row));
	row->id = n;
	row->proto = PROTO_TCP;
	row->ip_version = 4;
	fake_end(&row->src, (uint8_t)n, 40000 + n);
	fake_end(&row->dst, 250, 443);
	snprintf(row->src.process.name, sizeof(row->src.process.name), "proc%u", n);
	row->src.process.pid = 100 + n;
	row->src.process.match = MATCH_EXACT;
	row->src.process.reason = UNBOUND_NONE;
	row->src.bytes = 100000 + n;
	row->rtt_ns.handshake = row->rtt_ns.min = row->rtt_ns.max = ROW_ABSENT;
	row->rtt_ns.avg = 3400000;
	verdict_absent(&row->verdict);
	row->icmp_type = row->icmp_code = row->icmp_errors = row->mptcp_token = ROW_ABSENT;
	row->dns = (struct dns_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				    ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	snprintf(row->state, sizeof(row->state), "S1");
	snprintf(row->app, sizeof(row->app), "tls");
	snprintf(name, sizeof(name), "host%u.example", n);
	row->fact[FACT_SNI] = row_put_text(row, name, strlen(name));
}

/* The window [offset, offset + count) of flows 1 ... total, in the order of their numbers. */
static inline struct snapshot *fake_snapshot(uint32_t offset, uint32_t count, uint32_t total)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	s->rows = calloc(count ? count : 1, sizeof(*s->rows));
	for (uint32_t i = 0; i < count; i++)
		fake_flow(&s->rows[i], offset + i + 1);
	s->offset = offset;
	s->row_count = count;
	s->matched = s->total = total;
	s->follow_index = -1;
	s->now_ns = INT64_C(1767323045000000000); /* 2026-01-02 03:04:05 UTC, by date(1) */
	s->live = true;
	snprintf(s->source, sizeof(s->source), "eth0");
	s->packets_per_s = 1200;
	s->bits_per_s = 34000000;
	s->summary.live_flows = total;
	s->summary.packets = 5000;
	s->summary.sockets = s->summary.events = ROW_ABSENT;
	snprintf(s->summary.probe, sizeof(s->summary.probe), "plan N");
	return s;
}

static inline void fake_app(struct app *a, int width, int height)
{
	const struct app_options o = {.source = "eth0", .live = true, .utf8 = true};

	if (app_init(a, &o, width, height))
		abort();
	app_draw(a); /* tables learn their size */
}

/* With the flow that is open, and as many of its frames. */
static inline void fake_open(struct snapshot *s, uint64_t id, uint32_t frames)
{
	s->open_id = id;
	s->open = calloc(1, sizeof(*s->open));
	fake_flow(s->open, (unsigned)id);
	s->frames = calloc(1, sizeof(*s->frames) + frames * sizeof(s->frames->notes[0]));
	s->frames->id = id;
	s->frames->count = frames;
	for (uint32_t i = 0; i < frames; i++)
		s->frames->notes[i] = (struct recent_note){
			.time_ns = s->now_ns + i * 1000000ll, .number = i + 1, .end = i & 1,
			.seq = i & 1 ? 7000 : 1000 + i, .ack = i & 1 ? 1000 + i : 7000,
			.bytes = i, .flags = TCP_ACK,
		};
}

/* Answer what the app asks, from `total` flows. */
static inline void fake_answer(struct app *a, uint32_t total)
{
	struct snapshot *s;
	struct query q;
	uint32_t count;

	if (!app_query(a, &q))
		return;
	if (q.offset > total)
		q.offset = total;
	count = total - q.offset < q.limit ? total - q.offset : q.limit;
	s = fake_snapshot(q.offset, count, total);
	s->ticket = q.ticket;
	s->errand = q.errand;
	app_take(a, s);
}

static inline void fake_key(struct app *a, uint32_t key)
{
	const struct input in = {.kind = INPUT_KEY, .key = key};

	app_input(a, &in);
}

static inline void fake_keys(struct app *a, const char *keys)
{
	for (; *keys; keys++)
		fake_key(a, (uint32_t)*keys);
}

/* The screen as lines of text; the caller frees it. */
static inline char *canvas_lines(const struct canvas *c)
{
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	canvas_dump(c, &b);
	text = strdup(buf_text(&b));
	buf_done(&b);
	return text;
}

static inline bool shows(struct app *a, const char *what)
{
	char *text;
	bool found;

	app_draw(a);
	text = canvas_lines(&a->canvas);
	found = strstr(text, what) != NULL;
	if (!found)
		fprintf(stderr, "# the screen does not show \"%s\":\n%s", what, text);
	free(text);
	return found;
}

static inline bool hides(struct app *a, const char *what)
{
	char *text;
	bool found;

	app_draw(a);
	text = canvas_lines(&a->canvas);
	found = strstr(text, what) != NULL;
	if (found)
		fprintf(stderr, "# the screen shows \"%s\":\n%s", what, text);
	free(text);
	return !found;
}

/* Style of the first cell of a text on the screen, or -1. ASCII screens only. */
static inline int style_of(struct app *a, const char *what)
{
	size_t n = strlen(what);

	app_draw(a);
	for (int y = 0; y < a->canvas.height; y++) {
		for (int x = 0; x + (int)n <= a->canvas.width; x++) {
			size_t i = 0;

			while (i < n && canvas_at(&a->canvas, y, x + (int)i)->text[0] == what[i])
				i++;
			if (i == n)
				return canvas_at(&a->canvas, y, x)->style;
		}
	}
	return -1;
}

#endif
