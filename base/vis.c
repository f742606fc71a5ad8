/* SPDX-License-Identifier: MIT
 *
 * A terminal obeys control characters, and newline, backspace or a right-to-left override can
 * make a hostile name look like another one. UTF-8 is checked after RFC 3629.
 */
#include "base/vis.h"

#include <string.h>

/* Characters that are valid UTF-8 and yet must not reach a terminal. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{0x0000, 0x001f}, /* C0 */
	{0x007f, 0x009f}, /* DEL, C1 */
	{0x200b, 0x200f}, /* zero width, direction marks */
	{0x202a, 0x202e}, /* direction embedding and override */
	{0x2066, 0x2069}, /* direction isolates */
	{0xfeff, 0xfeff}, /* byte order mark */
};

static bool is_hidden(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (cp >= hidden[i].first && cp <= hidden[i].last)
			return true;
	}
	return false;
}

/* Length of a character by its first byte, and the smallest value that needs that length. */
static unsigned utf8_length(uint8_t first, uint32_t *least, uint32_t *bits)
{
	static const struct {
		uint8_t mask, lead, length;
		uint32_t least;
	} rows[] = {
		{0x80, 0x00, 1, 0x0},
		{0xe0, 0xc0, 2, 0x80},
		{0xf0, 0xe0, 3, 0x800},
		{0xf8, 0xf0, 4, 0x10000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((first & rows[i].mask) == rows[i].lead) {
			*least = rows[i].least;
			*bits = first & (uint8_t)~rows[i].mask;
			return rows[i].length;
		}
	}
	return 0;
}

unsigned utf8_decode(const uint8_t *in, size_t n, uint32_t *cp)
{
	uint32_t least = 0, value = 0;
	unsigned length = n ? utf8_length(in[0], &least, &value) : 0;

	if (!length || length > n)
		return 0;
	for (unsigned i = 1; i < length; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (in[i] & 0x3f);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*cp = value;
	return length;
}

static size_t escape(char *out, const uint8_t *in, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = digits[in[i] >> 4];
		*out++ = digits[in[i] & 15];
	}
	return n * 4;
}

/* One unit of output (at most VIS_MAX(4) bytes) for the character at `in`; *used bytes of it. */
static size_t vis_unit(char *out, const uint8_t *in, size_t n, size_t *used)
{
	uint32_t cp;
	unsigned length = utf8_decode(in, n, &cp);

	*used = length ? length : 1;
	if (!length || is_hidden(cp))
		return escape(out, in, *used);
	if (cp == '\\') {
		memcpy(out, "\\\\", 2);
		return 2;
	}
	memcpy(out, in, length);
	return length;
}

/* Nearly all text is plain ASCII: it is copied in runs, only the rest goes unit by unit. */
static size_t plain_run(const uint8_t *in, size_t n)
{
	size_t i = 0;

	while (i < n && in[i] >= 0x20 && in[i] < 0x7f && in[i] != '\\')
		i++;
	return i;
}

size_t vis(char *out, size_t cap, const void *in, size_t n)
{
	const uint8_t *p = in;
	size_t len = 0;

	while (n) {
		char unit[VIS_MAX(4)];
		const void *from = p;
		size_t room = cap - 1 - len, used = plain_run(p, n < room ? n : room), size = used;

		if (!used) {
			from = unit;
			size = vis_unit(unit, p, n, &used);
		}
		if (size > room)
			break;
		memcpy(out + len, from, size);
		len += size;
		p += used;
		n -= used;
	}
	out[len] = '\0';
	return len;
}

size_t vis_str(char *out, size_t cap, const char *in, size_t max)
{
	return vis(out, cap, in, strnlen(in, max));
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at `in` stands for and its length, or 0 when it is no escape of ours. */
static unsigned unescape(const char *in, uint8_t *byte)
{
	int high, low;

	if (in[1] == '\\') {
		*byte = '\\';
		return 2;
	}
	if (in[1] != 'x')
		return 0;
	high = hex_value(in[2]);
	if (high < 0)
		return 0;
	low = hex_value(in[3]);
	if (low < 0)
		return 0;
	*byte = (uint8_t)(high << 4 | low);
	return 4;
}

long unvis(void *out, size_t cap, const char *in)
{
	uint8_t *p = out;
	size_t len = 0;

	while (*in) {
		uint8_t byte = (uint8_t)*in;
		unsigned used = byte == '\\' ? unescape(in, &byte) : 1;

		if (!used || len == cap)
			return -1;
		p[len++] = byte;
		in += used;
	}
	return (long)len;
}
