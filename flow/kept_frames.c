/* SPDX-License-Identifier: MIT */
#include "flow/kept_frames.h"

#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"

/* In front of a frame's bytes; what is left at the end of the ring is filled by one without. */
struct head {
	int64_t time_ns;
	uint32_t size; /* of all that belongs to it, a multiple of this struct's alignment */
	uint32_t caplen, wirelen;
	uint16_t linktype;
	uint8_t direction;
	bool taken; /* or filling */
};

/* Places count on and on; where they are is their rest. */
struct kept_frames {
	uint8_t *bytes; /* owned */
	uint64_t size, first, next;
};

struct kept_frames *kept_frames_new(size_t bytes)
{
	struct kept_frames *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->size = bytes / sizeof(struct head) * sizeof(struct head);
	k->bytes = malloc(k->size);
	if (k->bytes)
		return k;
	free(k);
	return NULL;
}

void kept_frames_free(struct kept_frames *k)
{
	if (k)
		free(k->bytes);
	free(k);
}

static struct head *head_at(const struct kept_frames *k, uint64_t place)
{
	return (struct head *)(void *)(k->bytes + place % k->size);
}

/* A place for so many bytes in one piece, at the cost of the oldest. */
static struct head *make_room(struct kept_frames *k, uint32_t size)
{
	uint64_t left = k->size - k->next % k->size;
	uint64_t until = k->next + size + (left < size ? left : 0);

	while (until - k->first > k->size && k->first < k->next)
		k->first += head_at(k, k->first)->size;
	if (k->first == k->next) {
		k->first = k->next = 0;
	} else if (left < size) {
		*head_at(k, k->next) = (struct head){.size = (uint32_t)left, .taken = true};
		k->next += left;
	}
	return head_at(k, k->next);
}

static void keep(struct kept_frames *k, const struct frame *f)
{
	uint32_t size = (uint32_t)((sizeof(struct head) * 2 - 1 + f->caplen) / sizeof(struct head) *
				   sizeof(struct head));
	struct head *h;

	if (size > k->size)
		return;
	h = make_room(k, size);
	*h = (struct head){
		.time_ns = f->time_ns,
		.size = size,
		.caplen = f->caplen,
		.wirelen = f->wirelen,
		.linktype = f->linktype,
		.direction = f->direction,
	};
	memcpy(h + 1, f->data, f->caplen);
	k->next += size;
}

void kept_frames_add(void *kept, const struct frame *frames, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		keep(kept, &frames[i]);
}

/* --- whose it is ------------------------------------------------------------------------------ */

static bool is_end(const struct flow_end_row *end, const struct addr *addr, uint16_t port,
		   bool has_ports)
{
	bool same_port = !has_ports || end->port == ROW_ABSENT || end->port == port;

	return same_port && addr_cmp(&end->addr, addr) == 0;
}

/* Does it go from one end to the other? */
static bool goes(const struct packet *p, const struct flow_end_row *from,
		 const struct flow_end_row *to)
{
	return is_end(from, &p->src, p->src_port, p->has_ports) &&
	       is_end(to, &p->dst, p->dst_port, p->has_ports);
}

static struct frame frame_of(const struct head *h)
{
	return (struct frame){
		.data = (const uint8_t *)(h + 1),
		.time_ns = h->time_ns,
		.caplen = h->caplen,
		.wirelen = h->wirelen,
		.linktype = h->linktype,
		.direction = h->direction,
	};
}

static bool belongs(const struct frame *f, const struct flow_row *row, bool *by_src)
{
	struct packet p;

	decode_frame(&p, f->linktype, f->data, f->caplen, f->wirelen, f->time_ns);
	*by_src = goes(&p, &row->src, &row->dst);
	return p.proto == row->proto && (*by_src || goes(&p, &row->dst, &row->src));
}

unsigned kept_frames_take(struct kept_frames *k, const struct flow_row *row, kept_frame_fn fn,
			  void *ctx)
{
	unsigned n = 0;

	for (uint64_t place = k->first; place < k->next; place += head_at(k, place)->size) {
		struct head *h = head_at(k, place);
		struct frame f = frame_of(h);
		bool by_src;

		if (h->taken || f.time_ns < row->start_ns || f.time_ns > row->end_ns ||
		    !belongs(&f, row, &by_src))
			continue;
		h->taken = true;
		fn(ctx, &f, by_src);
		n++;
	}
	return n;
}

bool kept_frames_find(const struct kept_frames *k, const struct flow_row *row, int64_t time_ns,
		      bool by_originator, struct frame *f)
{
	for (uint64_t place = k->first; place < k->next; place += head_at(k, place)->size) {
		const struct head *h = head_at(k, place);
		bool by_src;

		if (h->time_ns != time_ns || !h->caplen)
			continue;
		*f = frame_of(h);
		if (belongs(f, row, &by_src) && by_src == by_originator)
			return true;
	}
	return false;
}
