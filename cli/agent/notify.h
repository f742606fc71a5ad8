/* SPDX-License-Identifier: MIT
 *
 * Telling systemd how it goes: plain datagrams to $NOTIFY_SOCKET, as sd_notify(3) describes them.
 */
#ifndef SOCKLENS_CLI_AGENT_NOTIFY_H
#define SOCKLENS_CLI_AGENT_NOTIFY_H

#include <stdint.h>

struct notify {
	int fd;		    /* -1 = nobody wants to know */
	int64_t every_ns;   /* the watchdog's, halved; 0 = there is none */
	int64_t watched_ns; /* when it was told last */
};

void notify_open(struct notify *n);
void notify_close(struct notify *n);
void notify_tell(struct notify *n, const char *state); /* "READY=1" */
/* Called often: tells the watchdog when it is time. */
void notify_alive(struct notify *n, int64_t mono_ns);

#endif
