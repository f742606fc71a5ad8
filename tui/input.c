/* SPDX-License-Identifier: MIT */
#include "tui/input.h"

#include <stdio.h>

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{INPUT_ENTER, "Enter"},
	{INPUT_ESCAPE, "Esc"},
	{INPUT_TAB, "Tab"},
	{' ', "Space"},
#define X(id, name) {INPUT_##id, name},
	INPUT_KEY_ROWS(X)
#undef X
};

/* UTF-8 of one code point (RFC 3629). */
static void put_character(char out[INPUT_NAME_MAX], uint32_t cp)
{
	unsigned more = cp < 0x80 ? 0 : cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};

	out[0] = (char)(lead[more] | cp >> (6 * more));
	for (unsigned i = 1; i <= more; i++)
		out[i] = (char)(0x80 | (cp >> (6 * (more - i)) & 0x3f));
	out[more + 1] = '\0';
}

const char *input_name(uint32_t key, char out[INPUT_NAME_MAX])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].key == key) {
			snprintf(out, INPUT_NAME_MAX, "%s", names[i].name);
			return out;
		}
	}
	if (key < 0x20)
		snprintf(out, INPUT_NAME_MAX, "Ctrl-%c", (char)(key + 0x40));
	else if (key < INPUT_KEY_FIRST)
		put_character(out, key);
	else
		snprintf(out, INPUT_NAME_MAX, "key %u", key - INPUT_KEY_FIRST);
	return out;
}
