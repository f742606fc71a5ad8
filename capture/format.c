/* SPDX-License-Identifier: MIT
 *
 * What the capture file formats share: recognition, the interface table, losses.
 */
#include "capture/format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERFACES_MAX = 65536 };

static const struct {
	uint8_t magic[4];
	const struct format_ops *ops;
} magics[] = {
	{{0xd4, 0xc3, 0xb2, 0xa1}, &format_pcap},   {{0xa1, 0xb2, 0xc3, 0xd4}, &format_pcap},
	{{0x4d, 0x3c, 0xb2, 0xa1}, &format_pcap},   {{0xa1, 0xb2, 0x3c, 0x4d}, &format_pcap},
	{{0x34, 0xcd, 0xb2, 0xa1}, &format_pcap},   {{0xa1, 0xb2, 0xcd, 0x34}, &format_pcap},
	{{0x0a, 0x0d, 0x0d, 0x0a}, &format_pcapng},
};

const struct format_ops *format_by_magic(const uint8_t magic[4])
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (!memcmp(magics[i].magic, magic, 4))
			return magics[i].ops;
	}
	return NULL;
}

void format_init(struct format *f, const struct format_ops *ops)
{
	*f = (struct format){.ops = ops};
}

void format_done(struct format *f)
{
	for (size_t i = 0; i < f->interface_count; i++)
		free((void *)(uintptr_t)f->interfaces[i].pub.name);
	free(f->interfaces);
}

void format_loss(const struct format *f, struct loss *out)
{
	out->count[LOSS_DAMAGED] += f->damaged_bytes;
	for (size_t i = 0; i < f->interface_count; i++) {
		const struct format_interface *fi = &f->interfaces[i];
		uint64_t packets = fi->packet_drops;

		/* Packets tell of both kinds in one number, statistics tell them apart. */
		packets -= packets < fi->if_drops ? packets : fi->if_drops;
		out->count[LOSS_KERNEL] += packets > fi->os_drops ? packets : fi->os_drops;
		out->count[LOSS_INTERFACE] += fi->if_drops;
	}
}

struct format_interface *format_add_interface(struct format *f)
{
	struct format_interface *fi;

	if (f->interface_count == INTERFACES_MAX)
		return NULL;
	if (f->interface_count == f->interface_room) {
		size_t room = f->interface_room ? f->interface_room * 2 : 4;

		fi = realloc(f->interfaces, room * sizeof(*fi));
		if (!fi)
			return NULL;
		f->interfaces = fi;
		f->interface_room = room;
	}
	fi = &f->interfaces[f->interface_count++];
	*fi = (struct format_interface){0};
	return fi;
}

void format_damaged(struct format_step *step, const char *fmt, ...)
{
	va_list ap;

	step->status = FORMAT_DAMAGED;
	va_start(ap, fmt);
	vsnprintf(step->why, sizeof(step->why), fmt, ap);
	va_end(ap);
}
