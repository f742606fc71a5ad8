/* SPDX-License-Identifier: MIT */
#include "capture/foreign.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *magic;
	size_t len;
	const char *what, *remedy;
} kinds[] = {
	/* What is read when it is compressed once (capture/unpack.c), if the libraries were there. */
	{"\x1f\x8b", 2, "compressed with gzip twice", "unpack it once with gzip -d"},
	{"\x28\xb5\x2f\xfd", 4, "compressed with zstd", "pipe it in through zstd -dc"},
	{"\x04\x22\x4d\x18", 4, "compressed with lz4", "pipe it in through lz4 -dc"},
	{"BZh", 3, "compressed with bzip2", "pipe it in through bzip2 -dc"},
	{"\3757zXZ", 5, "compressed with xz", "pipe it in through xz -dc"},
	{"PK\x03\x04", 4, "a zip archive", "unzip it first"},
	{"snoop\0\0", 8, "a snoop capture", "editcap -F pcapng converts it"},
	{"GMBU", 4, "a Network Monitor capture", "editcap -F pcapng converts it"},
	{"\177ELF", 4, "a program", "name a capture file"},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void hex(char out[3 * FOREIGN_PEEK + 1], struct cursor c)
{
	size_t n = cursor_left(&c) < FOREIGN_PEEK ? cursor_left(&c) : FOREIGN_PEEK;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(out + 3 * i, 4, "%02x%s", cursor_u8(&c), i + 1 < n ? " " : "");
}

int foreign_explain(const char *label, const struct cursor *first, struct err *e)
{
	char bytes[3 * FOREIGN_PEEK + 1];

	if (!cursor_left(first))
		return err_set(
			e, -EBADMSG,
			"%s is empty: a capture begins with a pcap or pcapng header. Was the "
			"recording stopped before its first packet?",
			label);
	for (size_t i = 0; i < KINDS; i++) {
		const uint8_t *p = cursor_peek(first, kinds[i].len);

		if (p && !memcmp(p, kinds[i].magic, kinds[i].len))
			return err_set(e, -EBADMSG, "%s is %s: %s", label, kinds[i].what,
				       kinds[i].remedy);
	}
	hex(bytes, *first);
	return err_set(
		e, -EBADMSG,
		"%s is not a capture: it begins with %s; pcap begins with d4 c3 b2 a1 (or a1 b2 "
		"c3 d4, 4d 3c b2 a1, 34 cd b2 a1), pcapng with 0a 0d 0d 0a",
		label, bytes);
}
