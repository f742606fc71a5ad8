/* SPDX-License-Identifier: MIT */
#include "flow/app/sctp_flow.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow/rows/field.h"

/* Tags are unique between two ports only. */
static uint32_t token_of(const struct packet *p, uint32_t tag, bool of_sender)
{
	uint32_t mine = of_sender ? p->src_port : p->dst_port;
	uint32_t other = of_sender ? p->dst_port : p->src_port;

	return tag ^ (mine << 16 | other) * 2654435761u; /* Knuth's multiplier: ports are alike */
}

static void take_init(struct sctp_flow *s, struct tokens *tags, uint64_t id, int d,
		      const struct packet *p, struct cursor value)
{
	struct sctp_init init;

	if (!sctp_init_parse(value, &init) || !init.tag)
		return;
	s->init[d] = init;
	s->tag[d] = init.tag;
	if (s->state == SCTP_CLOSED || s->state == SCTP_ABORTED)
		s->state = SCTP_UNKNOWN;
	s->first = id;
	tokens_note(tags, token_of(p, init.tag, true), id);
}

static enum sctp_state state_after(const struct sctp_chunk *c)
{
	switch (c->type) {
	case SCTP_INIT:
	case SCTP_INIT_ACK:
	case SCTP_COOKIE_ECHO: return SCTP_HANDSHAKE;
	case SCTP_SHUTDOWN:
	case SCTP_SHUTDOWN_ACK: return SCTP_CLOSING;
	case SCTP_SHUTDOWN_COMPLETE: return SCTP_CLOSED;
	case SCTP_ABORT: return SCTP_ABORTED;
	case SCTP_DATA:
	case SCTP_I_DATA:
	case SCTP_SACK:
	case SCTP_COOKIE_ACK: return SCTP_ESTABLISHED;
	default: return SCTP_UNKNOWN;
	}
}

/* Data may come with the COOKIE ECHO: that does not establish anything yet. */
static void move(struct sctp_flow *s, const struct sctp_chunk *c, bool echo)
{
	enum sctp_state next = state_after(c);

	if (next > s->state && !(echo && next == SCTP_ESTABLISHED))
		s->state = (uint8_t)next;
}

/* The receiver's tag, unless the packet says otherwise. */
static void take_tag(struct sctp_flow *s, const struct tokens *tags, int d, const struct packet *p,
		     const struct sctp_chunk *c)
{
	bool own = (c->type == SCTP_ABORT || c->type == SCTP_SHUTDOWN_COMPLETE) &&
		   c->flags & SCTP_FLAG_T;

	if (!p->sctp_tag || own)
		return;
	s->tag[!d] = p->sctp_tag;
	if (!s->first)
		s->first = tokens_find(tags, token_of(p, p->sctp_tag, false));
}

void sctp_flow_packet(struct sctp_flow *s, struct tokens *tags, uint64_t id, int d,
		      const struct packet *p)
{
	struct cursor c = p->payload;
	struct sctp_chunk chunk;
	bool echo = false;

	while (cursor_left(&c) && sctp_next(&c, &chunk)) {
		take_tag(s, tags, d, p, &chunk);
		if (chunk.type == SCTP_INIT || chunk.type == SCTP_INIT_ACK)
			take_init(s, tags, id, d, p, chunk.value);
		echo |= chunk.type == SCTP_COOKIE_ECHO;
		s->data_chunks[d] += chunk.type == SCTP_DATA || chunk.type == SCTP_I_DATA;
		move(s, &chunk, echo);
	}
}

/* --- as a row --------------------------------------------------------------------------------- */

static uint16_t put_addrs(struct flow_row *row, const struct sctp_init *init)
{
	char text[ADDR_TEXT_MAX];
	uint16_t place = 0;

	for (unsigned i = 0; i < init->addr_count; i++) {
		size_t n = addr_format(text, &init->addr[i]);

		if (!place)
			place = row_put_text(row, text, n);
		else
			row_more_text(row, FIELD_LIST_SEPARATOR, text, n);
	}
	return place;
}

static void fill_end(struct flow_row *row, struct sctp_row *out, const struct sctp_flow *s, int d)
{
	*out = (struct sctp_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, 0};
	if (!s)
		return;
	out->data_chunks = s->data_chunks[d];
	if (s->tag[d])
		out->tag = s->tag[d];
	if (!s->init[d].tag)
		return;
	out->streams_out = s->init[d].streams_out;
	out->streams_in = s->init[d].streams_in;
	out->addresses = put_addrs(row, &s->init[d]);
}

void sctp_flow_fill(struct flow_row *row, const struct sctp_flow *s, uint64_t id, int originator)
{
	static const char *const names[] = {
		[SCTP_UNKNOWN] = "",
		[SCTP_HANDSHAKE] = "handshake",
		[SCTP_ESTABLISHED] = "established",
		[SCTP_CLOSING] = "closing",
		[SCTP_CLOSED] = "closed",
		[SCTP_ABORTED] = "aborted",
	};

	fill_end(row, &row->src.sctp, s, originator);
	fill_end(row, &row->dst.sctp, s, !originator);
	strcpy(row->sctp_state, s ? names[s->state] : "");
	row->sctp_parent[0] = '\0';
	if (s && s->first && s->first != id)
		snprintf(row->sctp_parent, sizeof(row->sctp_parent), "%016" PRIx64, s->first);
}
