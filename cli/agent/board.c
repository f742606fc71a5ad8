/* SPDX-License-Identifier: MIT */
#include "cli/agent/board.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void board_init(struct board *p)
{
	pthread_condattr_t monotonic;

	*p = (struct board){0};
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

void board_done(struct board *p)
{
	free(p->text);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
}

void board_set(struct board *p, const char *text, size_t len)
{
	char *copy = malloc(len + 1), *old;

	if (!copy)
		return; /* the one before stays */
	memcpy(copy, text, len);
	copy[len] = '\0';
	pthread_mutex_lock(&p->lock);
	old = p->text;
	p->text = copy;
	p->len = len;
	pthread_mutex_unlock(&p->lock);
	free(old);
}

char *board_copy(struct board *p, size_t *len)
{
	char *copy = NULL;

	pthread_mutex_lock(&p->lock);
	if (p->text)
		copy = malloc(p->len + 1);
	if (copy) {
		memcpy(copy, p->text, p->len + 1);
		*len = p->len;
	}
	pthread_mutex_unlock(&p->lock);
	return copy;
}

bool board_wait_shut(struct board *p, int seconds)
{
	struct timespec until;
	bool shut;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&p->lock);
	while (!p->shut)
		if (pthread_cond_timedwait(&p->changed, &p->lock, &until))
			break;
	shut = p->shut;
	pthread_mutex_unlock(&p->lock);
	return shut;
}

void board_shut(struct board *p)
{
	pthread_mutex_lock(&p->lock);
	p->shut = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}
