/* SPDX-License-Identifier: MIT */
#include "flow/app/http_flow.h"

#include <string.h>

enum { HOSTS_MAX = 16 };

/* A segment while it is read. */
struct reading {
	struct http_flow *http;
	const struct http_ears *ears;
	int64_t time_ns;
};

static bool oldest_is_head(const struct http_flow *h)
{
	return h->waiting && h->heads & 1;
}

static void drop_oldest(struct http_flow *h)
{
	h->waiting--;
	h->heads >>= 1;
	memmove(h->asked_ns, h->asked_ns + 1, h->waiting * sizeof(*h->asked_ns));
}

static void answer(struct http_flow *h, int64_t time_ns)
{
	int64_t delay_ns;

	if (!h->waiting)
		return;
	delay_ns = time_ns > h->asked_ns[0] ? time_ns - h->asked_ns[0] : 0;
	if (!h->matched || delay_ns < h->delay_min_ns)
		h->delay_min_ns = delay_ns;
	if (delay_ns > h->delay_max_ns)
		h->delay_max_ns = delay_ns;
	h->delay_sum_ns += delay_ns;
	h->matched++;
	drop_oldest(h);
}

static bool on_begun(void *ctx, const struct message *m)
{
	struct reading *r = ctx;
	struct http_flow *h = r->http;
	bool head = oldest_is_head(h);

	if (!m->status) {
		h->requests++;
		return false;
	}
	if (m->status / 100 == 1 && !m->tunnel) /* more will follow */
		return true;
	h->responses++;
	h->status = m->status;
	answer(h, r->time_ns);
	return head;
}

static void on_ended(void *ctx, const struct message *m)
{
	struct reading *r = ctx;
	struct http_flow *h = r->http;

	if (m->status)
		return;
	if (h->waiting == HTTP_WAITING) {
		drop_oldest(h);
		h->given_up++;
	}
	h->heads |= (uint8_t)(m->head << h->waiting);
	h->asked_ns[h->waiting++] = r->time_ns;
}

static void on_host(void *ctx, struct cursor name)
{
	struct reading *r = ctx;

	if (r->http->hosts == HOSTS_MAX)
		return;
	r->http->hosts++;
	r->ears->host(r->ears->ctx, name);
}

void http_flow_segment(struct http_flow *h, const struct http_ears *ears, int d,
		       const struct packet *p)
{
	struct reading r = {h, ears, p->time_ns};
	const struct message_sink sink = {
		.begun = on_begun, .host = on_host, .ended = on_ended, .ctx = &r};
	struct message *m = &h->side[d];
	struct tcp_piece piece;

	if (h->over || !tcp_reader_take(&h->reader[d], p, &piece))
		return;
	if (piece.before)
		message_gap(m, piece.before, &sink);
	h->over = !message_feed(m, piece.bytes, &sink);
	if (piece.after)
		message_gap(m, piece.after, &sink);
}

void http_flow_fill(struct flow_row *row, const struct http_flow *h)
{
	struct http_row *out = &row->http;

	*out = (struct http_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT,
				 ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	if (!h || h->requests + h->responses == 0)
		return;
	out->requests = h->requests;
	out->responses = h->responses;
	out->unanswered = h->given_up + h->waiting;
	if (h->status)
		out->last_status = h->status;
	if (!h->matched)
		return;
	out->delay_min_ns = h->delay_min_ns;
	out->delay_avg_ns = h->delay_sum_ns / h->matched;
	out->delay_max_ns = h->delay_max_ns;
}
