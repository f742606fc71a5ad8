/* SPDX-License-Identifier: MIT
 *
 * The newest metrics as text: the engine's thread puts them here, others take copies.
 */
#ifndef SOCKLENS_CLI_AGENT_BOARD_H
#define SOCKLENS_CLI_AGENT_BOARD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct board {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *text; /* owned; NULL = none yet */
	size_t len;
	bool shut;
};

void board_init(struct board *p);
void board_done(struct board *p);
void board_set(struct board *p, const char *text, size_t len);
/* A copy owned by the caller (free), or NULL when there is none, or no memory. */
char *board_copy(struct board *p, size_t *len);
/* Wait so long, or until nothing more comes: true then. */
bool board_wait_shut(struct board *p, int seconds);
void board_shut(struct board *p);

#endif
