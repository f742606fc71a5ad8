/* SPDX-License-Identifier: MIT */
#include "flow/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	BUCKETS = 1024,	      /* a power of two */
	UNIT = 8,	      /* offsets count these */
	DATAGRAM_MAX = 65535,
	UNITS = 8192,	      /* of the largest datagram */
	BUFFER_MIN = 2048,
};

static const int64_t lifetime_ns = 30000000000; /* as in flow/fragment.c */

struct incomplete {
	struct datagram datagram;
	struct incomplete *next;	  /* of its bucket */
	struct incomplete *older, *newer;
	uint8_t *data;			  /* owned */
	int64_t since_ns, last_ns;
	uint32_t room;			  /* bytes of data */
	uint32_t held;			  /* bytes that came */
	uint32_t end;			  /* of the bytes that came */
	uint32_t total;			  /* 0 = the last fragment has not come */
	uint8_t have[UNITS / 8];	  /* a bit a unit */
};

void reassembly_init(struct reassembly *r, reassembly_fn given_up, void *owner)
{
	*r = (struct reassembly){
		.given_up = given_up, .owner = owner, .memory.max = REASSEMBLY_MEMORY};
}

static void release(struct reassembly *r, struct incomplete *e)
{
	if (!e)
		return;
	budget_give(&r->memory, sizeof(*e) + e->room);
	free(e->data);
	free(e);
}

void reassembly_done(struct reassembly *r)
{
	for (struct incomplete *e = r->oldest, *newer; e; e = newer) {
		newer = e->newer;
		release(r, e);
	}
	release(r, r->whole);
	free(r->buckets);
	*r = (struct reassembly){0};
}

/* --- which there are -------------------------------------------------------------------------- */

static struct incomplete **bucket_of(const struct reassembly *r, const struct datagram *g)
{
	return &r->buckets[hash_bytes(g, sizeof(*g), 0) & (BUCKETS - 1)];
}

static struct incomplete *find(const struct reassembly *r, const struct datagram *g)
{
	struct incomplete *e = *bucket_of(r, g);

	while (e && memcmp(&e->datagram, g, sizeof(*g)) != 0)
		e = e->next;
	return e;
}

static void insert(struct reassembly *r, struct incomplete *e)
{
	struct incomplete **bucket = bucket_of(r, &e->datagram);

	e->next = *bucket;
	*bucket = e;
	e->older = r->newest;
	*(r->newest ? &r->newest->newer : &r->oldest) = e;
	r->newest = e;
	r->count++;
}

static void take_out(struct reassembly *r, struct incomplete *e)
{
	struct incomplete **at = bucket_of(r, &e->datagram);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	*(e->older ? &e->older->newer : &r->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &r->newest) = e->older;
	r->count--;
}

/* --- giving up -------------------------------------------------------------------------------- */

static bool has(const struct incomplete *e, uint32_t unit)
{
	return e->have[unit / 8] >> unit % 8 & 1;
}

/* Bytes without a hole. */
static uint32_t beginning(const struct incomplete *e)
{
	uint32_t unit = 0;

	while (unit < UNITS && has(e, unit))
		unit++;
	return unit * UNIT < e->end ? unit * UNIT : e->end;
}

static struct reassembled hand_out(const struct incomplete *e, uint32_t len)
{
	return (struct reassembled){
		.datagram = e->datagram, .time_ns = e->last_ns, .data = e->data, .len = len};
}

/* The bytes that nobody was shown. */
static uint32_t give_up(struct reassembly *r, struct incomplete *e)
{
	struct reassembled begun = hand_out(e, beginning(e));
	uint32_t lost = e->held - begun.len;

	take_out(r, e);
	if (begun.len)
		r->given_up(r->owner, &begun);
	release(r, e);
	return lost;
}

void reassembly_advance(struct reassembly *r, int64_t now_ns)
{
	bool all = now_ns == INT64_MAX;

	if (!all && now_ns > r->now_ns)
		r->now_ns = now_ns;
	while (r->oldest && (all || r->now_ns - r->oldest->since_ns > lifetime_ns))
		give_up(r, r->oldest);
}

/* --- memory ----------------------------------------------------------------------------------- */

/* The datagram that has waited longest, but for `keep`, gives way; false when there is none. */
static bool make_way(struct reassembly *r, const struct incomplete *keep)
{
	struct incomplete *e = r->oldest;

	if (e && e == keep)
		e = e->newer;
	if (!e)
		return false;
	r->memory.refused += give_up(r, e);
	return true;
}

static bool take_memory(struct reassembly *r, size_t n, const struct incomplete *keep)
{
	while (!budget_take(&r->memory, n))
		if (!make_way(r, keep))
			return false;
	return true;
}

/* NULL without memory. */
static struct incomplete *begin(struct reassembly *r, const struct datagram *g)
{
	struct incomplete *e;

	if (r->count == REASSEMBLY_MAX)
		make_way(r, NULL);
	if (!take_memory(r, sizeof(*e), NULL))
		return NULL;
	e = calloc(1, sizeof(*e));
	if (!e) {
		budget_give(&r->memory, sizeof(*e));
		return NULL;
	}
	e->datagram = *g;
	e->since_ns = e->last_ns = r->now_ns;
	insert(r, e);
	return e;
}

static bool grow(struct reassembly *r, struct incomplete *e, uint32_t end)
{
	uint32_t room = e->room ? e->room : BUFFER_MIN;
	uint8_t *data;

	if (end <= e->room)
		return true;
	while (room < end)
		room *= 2;
	if (!take_memory(r, room - e->room, e))
		return false;
	data = realloc(e->data, room);
	if (!data) {
		budget_give(&r->memory, room - e->room);
		return false;
	}
	e->data = data;
	e->room = room;
	return true;
}

/* --- fragments -------------------------------------------------------------------------------- */

struct piece {
	const uint8_t *data;
	uint32_t offset, len, end;
	bool last;
};

/* One datagram has one end. */
static bool contradicts_end(const struct incomplete *e, const struct piece *p)
{
	if (e->total && p->end > e->total)
		return true;
	return p->last && (p->end < e->end || (e->total && p->end != e->total));
}

/* Copy what is new; false when something is not, and differs or comes in another portion. */
static bool copy(struct incomplete *e, const struct piece *p)
{
	uint32_t known = 0, units = 0;
	bool same = true;

	for (uint32_t at = 0; at < p->len; at += UNIT, units++) {
		uint32_t unit = (p->offset + at) / UNIT, n = p->len - at < UNIT ? p->len - at : UNIT;

		if (has(e, unit)) {
			known++;
			same &= memcmp(e->data + p->offset + at, p->data + at, n) == 0;
			continue;
		}
		memcpy(e->data + p->offset + at, p->data + at, n);
		e->have[unit / 8] |= (uint8_t)(1u << unit % 8);
		e->held += n;
	}
	return !known || (known == units && same);
}

static bool is_whole(const struct incomplete *e)
{
	return e->total && e->held == e->total;
}

static enum reassembly_status join(struct reassembly *r, struct incomplete *e,
				   const struct piece *p, struct reassembled *out)
{
	if (contradicts_end(e, p)) {
		r->contradictions++;
		return REASSEMBLY_WAITS;
	}
	if (!grow(r, e, p->end))
		return REASSEMBLY_ALONE;
	if (!copy(e, p))
		r->contradictions++;
	if (p->end > e->end)
		e->end = p->end;
	if (p->last)
		e->total = p->end;
	if (!is_whole(e))
		return REASSEMBLY_WAITS;
	take_out(r, e);
	r->whole = e;
	*out = hand_out(e, e->total);
	return REASSEMBLY_WHOLE;
}

/* Too long, or not in units: decode has said so. */
static bool is_usable(const struct packet *p, const struct piece *piece)
{
	return piece->len && piece->end <= DATAGRAM_MAX &&
	       !(p->anomalies & ANOMALY_BIT(ANOMALY_IP_FRAGMENT));
}

enum reassembly_status reassembly_add(struct reassembly *r, const struct packet *p, uint32_t scope,
				      struct reassembled *out)
{
	struct datagram g = datagram_of(p, p->piece_proto, scope);
	uint32_t len = (uint32_t)cursor_left(&p->piece);
	struct piece piece = {.data = p->piece.p,
			      .offset = p->fragment_offset,
			      .len = len,
			      .end = p->fragment_offset + len,
			      .last = !p->fragment_more};
	struct incomplete *e;

	release(r, r->whole);
	r->whole = NULL;
	reassembly_advance(r, p->time_ns);
	if (!is_usable(p, &piece))
		return REASSEMBLY_ALONE;
	if (!r->buckets)
		r->buckets = calloc(BUCKETS, sizeof(*r->buckets));
	if (!r->buckets)
		return REASSEMBLY_ALONE;
	e = find(r, &g);
	if (!e)
		e = begin(r, &g);
	if (!e)
		return REASSEMBLY_ALONE;
	e->last_ns = r->now_ns;
	return join(r, e, &piece, out);
}
