/* SPDX-License-Identifier: MIT */
#include "flow/app/dns_flow.h"

#include <string.h>

#include "decode/dns.h"

enum { RESPONSE = 0x8000, RCODE = 0x000f };

/* Index of a waiting id; `waiting` when there is none. */
static unsigned find(const struct dns_flow *d, uint16_t id)
{
	unsigned i = 0;

	while (i < d->waiting && d->id[i] != id)
		i++;
	return i;
}

static void drop(struct dns_flow *d, unsigned i)
{
	d->waiting--;
	memmove(d->id + i, d->id + i + 1, (d->waiting - i) * sizeof(*d->id));
	memmove(d->asked_ns + i, d->asked_ns + i + 1, (d->waiting - i) * sizeof(*d->asked_ns));
}

static void query(struct dns_flow *d, uint16_t id, int64_t time_ns)
{
	d->queries++;
	if (find(d, id) < d->waiting)
		return;
	if (d->waiting == DNS_WAITING) {
		drop(d, 0);
		d->given_up++;
	}
	d->id[d->waiting] = id;
	d->asked_ns[d->waiting++] = time_ns;
}

static void answer(struct dns_flow *d, uint16_t id, int64_t time_ns)
{
	unsigned i = find(d, id);
	int64_t delay_ns;

	d->answers++;
	if (i == d->waiting)
		return;
	delay_ns = time_ns > d->asked_ns[i] ? time_ns - d->asked_ns[i] : 0;
	if (!d->matched || delay_ns < d->delay_min_ns)
		d->delay_min_ns = delay_ns;
	if (delay_ns > d->delay_max_ns)
		d->delay_max_ns = delay_ns;
	d->delay_sum_ns += delay_ns;
	d->matched++;
	drop(d, i);
}

void dns_flow_message(struct dns_flow *d, struct cursor message, int64_t time_ns)
{
	uint16_t id = cursor_be16(&message), flags = cursor_be16(&message);

	cursor_skip(&message, DNS_HEADER - 4);
	if (message.bad)
		return;
	if (!(flags & RESPONSE)) {
		query(d, id, time_ns);
		return;
	}
	d->rcode = flags & RCODE;
	answer(d, id, time_ns);
}
