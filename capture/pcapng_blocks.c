/* SPDX-License-Identifier: MIT */
#include "capture/pcapng_blocks.h"

bool pcapng_option_next(const struct format *f, struct cursor *list, struct pcapng_option *o)
{
	size_t padding;

	if (!cursor_left(list))
		return false;
	o->code = format_u16(f, list);
	o->len = format_u16(f, list);
	if (list->bad || o->code == OPT_END)
		return false;
	o->value = cursor_sub(list, o->len);
	padding = -(size_t)o->len & 3;
	if (list->bad || padding > cursor_left(list)) {
		list->bad = true;
		return false;
	}
	cursor_skip(list, padding);
	return true;
}
