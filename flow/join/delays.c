/* SPDX-License-Identifier: MIT */
#include "flow/join/delays.h"

#include "flow/rows/row.h"

const char *delay_name(enum delay_kind kind)
{
	static const char *const names[DELAY_HISTOGRAMS] = {
#define X(id, name, sentence) [DELAY_##id] = name,
		DELAY_ROWS(X)
#undef X
		[DELAY_DNS] = "dns",
	};

	return names[kind];
}

const char *delay_sentence(enum delay_kind kind)
{
	static const char *const sentences[DELAY_HISTOGRAMS] = {
#define X(id, name, sentence) [DELAY_##id] = sentence,
		DELAY_ROWS(X)
#undef X
		[DELAY_DNS] = "a DNS query to its answer, at the capture",
	};

	return sentences[kind];
}

void delay_histograms_merge(struct delay_histograms *into, const struct delay_histograms *from)
{
	for (unsigned i = 0; i < DELAY_HISTOGRAMS; i++)
		histogram_merge(&into->of[i], &from->of[i]);
}

void delays_add(struct delays *d, struct delay_histograms *all, enum delay_kind kind, int64_t ns)
{
	struct delay *one = &d->of[kind];

	if (ns < 0)
		ns = 0;
	one->count++;
	one->sum_ns += ns;
	if (ns > one->max_ns)
		one->max_ns = ns;
	if (all)
		histogram_add(&all->of[kind], (uint64_t)ns);
}

static int64_t average(const struct delay *d)
{
	return d->count ? d->sum_ns / d->count : ROW_ABSENT;
}

static int64_t largest(const struct delay *d)
{
	return d->count ? d->max_ns : ROW_ABSENT;
}

void delays_absent(struct delay_row *row)
{
	row->connect = row->accept = ROW_ABSENT;
	row->send_avg = row->send_max = ROW_ABSENT;
	row->read_avg = row->read_max = ROW_ABSENT;
	row->think_avg = row->think_max = row->thinks = ROW_ABSENT;
}

void delays_fill(struct delay_row *row, const struct delays *d)
{
	const struct delay *think = &d->of[DELAY_THINK];

	row->connect = largest(&d->of[DELAY_CONNECT]);
	row->accept = largest(&d->of[DELAY_ACCEPT]);
	row->send_avg = average(&d->of[DELAY_SEND]);
	row->send_max = largest(&d->of[DELAY_SEND]);
	row->read_avg = average(&d->of[DELAY_READ]);
	row->read_max = largest(&d->of[DELAY_READ]);
	row->think_avg = average(think);
	row->think_max = largest(think);
	row->thinks = think->count ? think->count : ROW_ABSENT;
}
