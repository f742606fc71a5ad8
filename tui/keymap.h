/* SPDX-License-Identifier: MIT
 *
 * Which keys do what: as the table of actions says (tui/action.h) until the user binds others.
 */
#ifndef SOCKLENS_TUI_KEYMAP_H
#define SOCKLENS_TUI_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/action.h"

enum { KEYMAP_ACTIONS = 64 };

struct keymap {
	uint32_t keys[KEYMAP_ACTIONS][ACTION_KEYS]; /* in the table's order; 0 ends */
};

void keymap_init(struct keymap *m);

/*
 * Give an action these keys and no others ("x Ctrl-D PgUp"); whatever had them loses them. 0, or
 * -EINVAL and the reason: no such action, no such key, a key that chooses a view.
 */
int keymap_bind(struct keymap *m, const char *action, const char *keys, struct err *e);

const struct action *keymap_action(const struct keymap *m, uint32_t key); /* or NULL */
const uint32_t *keymap_keys(const struct keymap *m, const struct action *act);

/* "PgUp Ctrl-B" into out[cap]; returns out. */
const char *keymap_text(const struct keymap *m, const struct action *act, char *out, size_t cap);

#endif
