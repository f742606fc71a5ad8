/* SPDX-License-Identifier: MIT */
#include "tui/keymap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tui/input.h"
#include "tui/view.h"

void keymap_init(struct keymap *m)
{
	unsigned count;
	const struct action *all = actions(&count);

	memset(m, 0, sizeof(*m));
	for (unsigned i = 0; i < count; i++)
		memcpy(m->keys[i], all[i].keys, sizeof(m->keys[i]));
}

static unsigned index_of(const struct action *act)
{
	unsigned count;

	return (unsigned)(act - actions(&count));
}

/* Closes the gap, so that 0 still ends the list. */
static void take_away(struct keymap *m, uint32_t key)
{
	for (unsigned i = 0; i < KEYMAP_ACTIONS; i++) {
		unsigned kept = 0;

		for (unsigned k = 0; k < ACTION_KEYS; k++) {
			if (m->keys[i][k] != key)
				m->keys[i][kept++] = m->keys[i][k];
		}
		while (kept < ACTION_KEYS)
			m->keys[i][kept++] = 0;
	}
}

/* All of them, or none when one is wrong. */
static int read_keys(uint32_t out[ACTION_KEYS], const char *text, struct err *e)
{
	unsigned n = 0;

	for (size_t len; *(text += strspn(text, " \t")); text += len) {
		char word[INPUT_NAME_MAX];
		uint32_t key;

		len = strcspn(text, " \t");
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		key = len < sizeof(word) ? input_parse(word) : 0;
		if (!key)
			return err_set(e, -EINVAL, "there is no key %.*s", (int)len, text);
		if (view_by_key(key))
			return err_set(e, -EINVAL, "%s chooses a view", word);
		if (n == ACTION_KEYS)
			return err_set(e, -EINVAL, "at most %d keys", ACTION_KEYS);
		out[n++] = key;
	}
	return n ? 0 : err_set(e, -EINVAL, "no key is given");
}

int keymap_bind(struct keymap *m, const char *action, const char *keys, struct err *e)
{
	const struct action *act = action_by_name(action);
	uint32_t wanted[ACTION_KEYS] = {0};
	int status;

	if (!act)
		return err_set(e, -EINVAL, "there is no action %s; socklens keys lists them",
			       action);
	status = read_keys(wanted, keys, e);
	if (status < 0)
		return status;
	for (unsigned k = 0; k < ACTION_KEYS && wanted[k]; k++)
		take_away(m, wanted[k]);
	memcpy(m->keys[index_of(act)], wanted, sizeof(wanted));
	return 0;
}

const struct action *keymap_action(const struct keymap *m, uint32_t key)
{
	unsigned count;
	const struct action *all = actions(&count);

	for (unsigned i = 0; i < count; i++) {
		for (unsigned k = 0; k < ACTION_KEYS && m->keys[i][k]; k++) {
			if (m->keys[i][k] == key)
				return &all[i];
		}
	}
	return NULL;
}

const uint32_t *keymap_keys(const struct keymap *m, const struct action *act)
{
	return m->keys[index_of(act)];
}

const char *keymap_text(const struct keymap *m, const struct action *act, char *out, size_t cap)
{
	const uint32_t *keys = keymap_keys(m, act);
	char name[INPUT_NAME_MAX];
	size_t len = 0;

	*out = '\0';
	for (unsigned k = 0; k < ACTION_KEYS && keys[k] && len < cap; k++)
		len += (size_t)snprintf(out + len, cap - len, "%s%s", k ? " " : "",
					input_name(keys[k], name));
	return out;
}
