/* SPDX-License-Identifier: MIT
 *
 * Requests and responses of a TCP connection (HTTP/1, RFC 9112), and how long the answers took:
 * from the last byte of a request to the first of its final response. Responses come in the order
 * of the requests (9.3.2).
 */
#ifndef SOCKLENS_FLOW_HTTP_FLOW_H
#define SOCKLENS_FLOW_HTTP_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/message.h"
#include "flow/rows/row.h"
#include "flow/tcp/tcp_reader.h"

enum {
	HTTP_WAITING = 8
}; /* requests without a response at a time; more are counted as unanswered */

struct http_flow {
	struct message side[2];
	struct tcp_reader reader[2];
	int64_t asked_ns[HTTP_WAITING]; /* oldest first */
	uint8_t waiting;
	uint8_t heads;	 /* bit i: the ith that waits is a HEAD */
	uint8_t hosts;	 /* told so far */
	bool over;	 /* another protocol follows */
	uint16_t status; /* of the last final response */
	uint32_t requests, responses, given_up, matched;
	int64_t delay_min_ns, delay_max_ns, delay_sum_ns;
};

/* Whom to tell of a host that was asked for; the caller keeps each once. */
struct http_ears {
	void (*host)(void *ctx, struct cursor name);
	void *ctx;
};

/* A segment of direction d. */
void http_flow_segment(struct http_flow *h, const struct http_ears *ears, int d,
		       const struct packet *p);

/* Fields http_transactions.*; NULL = absent. */
void http_flow_fill(struct flow_row *row, const struct http_flow *h);

#endif
