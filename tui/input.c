/* SPDX-License-Identifier: MIT */
#include "tui/input.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/* The one character that a name consists of, or 0. */
static uint32_t character(const char *name)
{
	char again[INPUT_NAME_MAX];
	uint32_t cp = (uint8_t)name[0];
	unsigned more = cp < 0x80 ? 0 : cp < 0xe0 ? 1 : cp < 0xf0 ? 2 : 3;

	if (cp <= ' ' || cp == 0x7f || strlen(name) != more + 1)
		return 0;
	if (more)
		cp &= 0x3fu >> more;
	for (unsigned i = 1; i <= more; i++)
		cp = cp << 6 | ((uint8_t)name[i] & 0x3f);
	/* What is no proper UTF-8 does not come back as it was. */
	if (cp >= INPUT_KEY_FIRST)
		return 0;
	put_character(again, cp);
	return strcmp(again, name) ? 0 : cp;
}

uint32_t input_parse(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcasecmp(names[i].name, name))
			return names[i].key;
	}
	if (!strncasecmp(name, "Ctrl-", 5) && name[5] && !name[6])
		return INPUT_CTRL((uint8_t)name[5]);
	return character(name);
}
