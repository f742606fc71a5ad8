/* SPDX-License-Identifier: MIT */
#include "capture/pcapng_blocks.h"

/* The list makes no sense from here on: its rest is passed over. */
static bool give_up(struct format *f, struct cursor *list, size_t rest)
{
	f->damaged_bytes += rest;
	cursor_fail(list);
	return false;
}

bool pcapng_option_next(struct format *f, struct cursor *list, struct pcapng_option *o)
{
	size_t left = cursor_left(list), padded;

	if (!left)
		return false;
	o->code = format_u16(f, list);
	o->len = format_u16(f, list);
	if (list->bad)
		return give_up(f, list, left);
	if (o->code == OPT_END)
		return false;
	left = cursor_left(list);
	padded = ((size_t)o->len + 3) & ~(size_t)3;
	if (padded > left)
		return give_up(f, list, left);
	o->value = cursor_sub(list, o->len);
	cursor_skip(list, padded - o->len);
	return true;
}
