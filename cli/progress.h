/* SPDX-License-Identifier: MIT
 *
 * How far a large file has been read, on stderr when that is a terminal and stdout is none.
 */
#ifndef SOCKLENS_CLI_PROGRESS_H
#define SOCKLENS_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	/* How many bytes of how many (0 = unknown) have been read. */
	void (*told)(const void *ctx, uint64_t *done, uint64_t *size);
	const void *ctx;
	int64_t started_ns, shown_ns;
	bool wanted;
	bool visible; /* there is a bar on the screen */
};

void progress_start(struct progress *p, void (*told)(const void *ctx, uint64_t *done, uint64_t *size),
		    const void *ctx);
/* Call often. */
void progress_show(struct progress *p);
/* Takes the bar away. */
void progress_end(struct progress *p);

#endif
