/* SPDX-License-Identifier: MIT */
#include "flow/tcp/state.h"

#include <endian.h>
#include <string.h>

#include "flow/table_private.h"
#include "flow/tcp/tcp.h"
#include "flow/tcp/tcp_path.h"

static enum end_state now_of(const struct tcp_track *t, int d)
{
	return (enum end_state)(t->state[d] & 15);
}

static enum end_state before_of(const struct tcp_track *t, int d)
{
	return (enum end_state)(t->state[d] >> 4);
}

static void move(struct tcp_track *t, int d, enum end_state to)
{
	if (now_of(t, d) != to)
		t->state[d] = (uint8_t)(now_of(t, d) << 4 | to);
}

/* --- history ---------------------------------------------------------------------------------- */

static void add_letter(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
		       char letter)
{
	uint8_t n = c->path.history_len;

	if (n >= ROW_HISTORY_MAX - 1)
		return;
	if (d)
		letter = (char)(letter | 0x20);
	if (n < FLOW_HISTORY_SHORT)
		c->history[n] = letter;
	else
		flow_rare_of(t, f)->history[n - FLOW_HISTORY_SHORT] = letter;
	c->path.history_len++;
}

/* Letters of things that can happen often: the 1st, 10th, 100th, ... time. */
static void add_scaled(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
		       enum history_count which, char letter)
{
	uint32_t n = ++flow_rare_of(t, f)->history_count[d][which];

	while (n >= 10 && n % 10 == 0)
		n /= 10;
	if (n == 1)
		add_letter(t, f, c, d, letter);
}

/* true when the bit was not set before. */
static bool first(struct tcp_track *t, int d, uint8_t bit)
{
	bool is_first = !(t->letters[d] & bit);

	t->letters[d] |= bit;
	return is_first;
}

static void control_letter(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
			   const struct packet *p)
{
	uint8_t flags = p->tcp.flags;
	uint32_t end = p->tcp.seq + p->payload_bytes;

	if (flags & TCP_SYN) {
		/* A SYN elsewhere begins a new flow; only a SYN-ACK can come with another number.
		 */
		if (first(&c->tcp, d, HISTORY_SYN) || c->path.base_seq[d] != p->tcp.seq)
			add_letter(t, f, c, d, flags & TCP_ACK ? 'H' : 'S');
		return;
	}
	if (flags & TCP_RST)
		tcp_path_keep_fin(c, d);
	if (first(&c->tcp, d, flags & TCP_FIN ? HISTORY_FIN : HISTORY_RST) ||
	    end != c->close_seq[d])
		add_letter(t, f, c, d, flags & TCP_FIN ? 'F' : 'R');
	c->close_seq[d] = end;
}

static void plain_letter(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
			 const struct packet *p)
{
	uint8_t bit = p->payload_bytes ? HISTORY_DATA : HISTORY_ACK;

	if (!p->payload_bytes && !(p->tcp.flags & TCP_ACK))
		return;
	if (first(&c->tcp, d, bit))
		add_letter(t, f, c, d, p->payload_bytes ? 'D' : 'A');
}

static void history(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
		    const struct packet *p)
{
	uint8_t control = p->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST);
	const struct tcp_track *k = &c->tcp;

	if ((control & (control - 1)) == 0 && control)
		control_letter(t, f, c, d, p);
	else if ((control & (TCP_FIN | TCP_RST)) == (TCP_FIN | TCP_RST)) {
		if (first(&c->tcp, d, HISTORY_FIN_RST))
			add_letter(t, f, c, d, 'I');
	} else if (control) {
		if (first(&c->tcp, d, HISTORY_MULTI))
			add_letter(t, f, c, d, 'Q');
	} else
		plain_letter(t, f, c, d, p);

	/* A closed window means nothing any more once the peer has finished sending. */
	if (p->tcp.window == 0 && !(control & TCP_RST) && now_of(k, !d) != END_CLOSED &&
	    now_of(k, d) != END_RESET)
		add_scaled(t, f, c, d, COUNT_ZERO_WINDOW, 'W');
	if (p->payload_bytes && k->next_seq[d] && now_of(k, d) != END_RESET &&
	    (int32_t)(p->tcp.seq + p->payload_bytes - k->next_seq[d]) <= 0)
		add_scaled(t, f, c, d, COUNT_RETRANSMISSION, 'T');
}

void state_gap(struct flow_table *t, struct flow *f, struct flow_cold *c, int d)
{
	add_scaled(t, f, c, d, COUNT_GAP, 'G');
}

/* --- states ----------------------------------------------------------------------------------- */

static void syn_when_inactive(struct flow *f, struct tcp_track *t, int d, uint8_t flags)
{
	enum end_state peer = now_of(t, !d);

	if (d == f->originator && peer == END_ESTABLISHED && !(flags & TCP_ACK)) {
		move(t, d, END_ESTABLISHED); /* captured after its answer */
		return;
	}
	if (d == f->originator) {
		move(t, d, flags & TCP_ACK ? END_SYN_ACK_SENT : END_SYN_SENT);
		return;
	}
	if (peer == END_SYN_SENT || (peer == END_SYN_ACK_SENT && !(flags & TCP_ACK)))
		move(t, !d, END_ESTABLISHED);
	move(t, d, END_ESTABLISHED);
}

/* The first segment of an end, none of SYN FIN RST. */
static void plain_when_inactive(struct flow *f, struct tcp_track *t, int d, const struct packet *p)
{
	enum end_state peer = now_of(t, !d);

	/* Some acknowledge a SYN before they answer it. */
	if (d != f->originator && p->payload_bytes == 0 && peer == END_SYN_SENT)
		return;
	/* SYN-ACK seen and now the ack: only the SYN itself was missed. */
	move(t, d,
	     (p->tcp.flags & TCP_ACK) && peer == END_ESTABLISHED ? END_ESTABLISHED : END_PARTIAL);
}

static void when_inactive(struct flow *f, struct tcp_track *t, int d, const struct packet *p)
{
	if (p->tcp.flags & TCP_SYN)
		syn_when_inactive(f, t, d, p->tcp.flags);
	if (p->tcp.flags & TCP_FIN)
		move(t, d, END_CLOSED);
	if (p->tcp.flags & TCP_RST)
		move(t, d, END_RESET);
	if (now_of(t, d) == END_INACTIVE)
		plain_when_inactive(f, t, d, p);
}

static void when_opening(struct tcp_track *t, int d, uint8_t flags)
{
	if (flags & TCP_FIN)
		move(t, d, END_CLOSED);
	if (flags & TCP_RST)
		move(t, d, END_RESET);
}

static void when_open(struct tcp_track *t, int d, uint8_t flags)
{
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && now_of(t, d) == END_PARTIAL &&
	    now_of(t, !d) == END_INACTIVE)
		move(t, d, END_SYN_SENT);
	if ((flags & (TCP_FIN | TCP_RST)) == TCP_FIN) {
		move(t, d, END_CLOSED);
		/* FIN, then RST, then the other's FIN: a normal end after all. */
		if (now_of(t, !d) == END_RESET && before_of(t, !d) == END_CLOSED)
			move(t, !d, END_CLOSED);
	}
	if (flags & TCP_RST)
		move(t, d, END_RESET);
}

void state_segment(struct flow_table *t, struct flow *f, struct flow_cold *c, int d,
		   const struct packet *p)
{
	struct tcp_track *k = &c->tcp;

	if (state_is_routine(k, d, p))
		return;
	/* No host takes it, so it changes nothing. */
	if (p->anomalies & ANOMALY_BIT(ANOMALY_L4_CHECKSUM)) {
		add_scaled(t, f, c, d, COUNT_CHECKSUM, 'C');
		return;
	}
	history(t, f, c, d, p);
	switch (now_of(k, d)) {
	case END_INACTIVE: when_inactive(f, k, d, p); break;
	case END_SYN_SENT:
	case END_SYN_ACK_SENT: when_opening(k, d, p->tcp.flags); break;
	case END_PARTIAL:
	case END_ESTABLISHED: when_open(k, d, p->tcp.flags); break;
	case END_CLOSED:
		if ((p->tcp.flags & TCP_RST) && now_of(k, !d) != END_CLOSED)
			move(k, d, END_RESET);
		break;
	case END_RESET: break;
	}
}

void state_first_syn(struct flow_cold *c, int d)
{
	c->tcp.letters[d] = HISTORY_SYN;
	c->history[0] = d ? 's' : 'S';
	c->path.history_len = 1;
	move(&c->tcp, d, END_SYN_SENT);
}

bool state_reset(const struct flow_cold *c)
{
	return now_of(&c->tcp, 0) == END_RESET || now_of(&c->tcp, 1) == END_RESET;
}

bool state_closed(const struct flow_cold *c)
{
	return state_reset(c) ||
	       (now_of(&c->tcp, 0) == END_CLOSED && now_of(&c->tcp, 1) == END_CLOSED);
}

bool state_settled(const struct flow_cold *c)
{
	const struct tcp_track *t = &c->tcp;

	return state_reset(c) || (state_closed(c) && !seq_after(t->next_seq[0], t->last_ack[1]) &&
				  !seq_after(t->next_seq[1], t->last_ack[0]));
}

/* --- text ------------------------------------------------------------------------------------- */

static bool hardly_seen(enum end_state s)
{
	return s == END_INACTIVE || s == END_PARTIAL;
}

struct state_text { /* a row's, in one register */
	char name[8];
};
#define STATE(name) ((struct state_text){name})

static struct state_text tcp_state(const struct flow *f, const struct tcp_track *t)
{
	enum end_state o = now_of(t, f->originator), r = now_of(t, !f->originator);
	bool no_data = f->payload_bytes[0] + f->payload_bytes[1] == 0;

	if (r == END_RESET) {
		if (o == END_SYN_SENT || o == END_SYN_ACK_SENT || (o == END_RESET && no_data))
			return STATE("REJ");
		return hardly_seen(o) ? STATE("RSTRH") : STATE("RSTR");
	}
	if (o == END_RESET)
		return hardly_seen(r) ? STATE("RSTOS0") : STATE("RSTO");
	if (o == END_CLOSED && r == END_CLOSED)
		return STATE("SF");
	if (o == END_CLOSED)
		return hardly_seen(r) ? STATE("SH") : STATE("S2");
	if (r == END_CLOSED)
		return hardly_seen(o) ? STATE("SHR") : STATE("S3");
	if (o == END_SYN_SENT && r == END_INACTIVE)
		return STATE("S0");
	return o == END_ESTABLISHED && r == END_ESTABLISHED ? STATE("S1") : STATE("OTH");
}

static struct state_text udp_state(const struct flow *f)
{
	bool o = f->packets[f->originator], r = f->packets[!f->originator];

	return r ? (o ? STATE("SF") : STATE("SHR")) : STATE("S0");
}

void state_name(char out[8], const struct flow *f, const struct flow_cold *c)
{
	struct state_text text = STATE("OTH");

	if (f->key.proto == PROTO_TCP)
		text = tcp_state(f, &c->tcp);
	else if (f->key.proto == PROTO_UDP)
		text = udp_state(f);
	memcpy(out, text.name, sizeof(text.name));
}

/* Kept upper case for end 0; shown upper case for the originator. */
static uint64_t shown_case(const struct flow *f)
{
	return f->originator ? 0x2020202020202020 : 0;
}

/* Fewer than a word's letters, as most flows have, in one word. */
static void short_history(char out[ROW_HISTORY_MAX], const struct flow *f,
			  const struct flow_cold *c)
{
	uint64_t letters;

	memcpy(&letters, c->history, sizeof(letters));
	letters = (le64toh(letters) ^ shown_case(f)) & (((uint64_t)1 << 8 * c->path.history_len) - 1);
	letters = htole64(letters);
	memcpy(out, &letters, sizeof(letters));
}

void state_history(char out[ROW_HISTORY_MAX], const struct flow *f, const struct flow_cold *c,
		   const struct flow_rare *r)
{
	unsigned n = 0;

	if (f->key.proto != PROTO_UDP && c->path.history_len < FLOW_HISTORY_SHORT) {
		short_history(out, f, c);
		return;
	}

	if (f->key.proto == PROTO_UDP) {
		if (f->packets[f->originator])
			out[n++] = 'D';
		if (f->packets[!f->originator])
			out[n++] = 'd';
	}
	for (unsigned i = 0; i < c->path.history_len && (i < FLOW_HISTORY_SHORT || r); i++) {
		char letter =
			i < FLOW_HISTORY_SHORT ? c->history[i] : r->history[i - FLOW_HISTORY_SHORT];

		out[n++] = (char)(letter ^ (shown_case(f) & 0xff));
	}
	out[n] = 0;
}
