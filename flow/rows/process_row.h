/* SPDX-License-Identifier: MIT
 *
 * A process as rows show it, put together from the socket's owner, /proc and this machine's names.
 */
#ifndef SOCKLENS_FLOW_PROCESS_ROW_H
#define SOCKLENS_FLOW_PROCESS_ROW_H

#include "flow/join/names.h"
#include "flow/join/process.h"
#include "flow/rows/row.h"
#include "flow/join/socket.h"

/* Where to look things up; either may be NULL (a capture of another machine). */
struct identities {
	struct process_table *processes;
	struct names *names;
};

/* The owner `o` of `s`; match and reason stay as they are. */
void process_row_fill(struct process_row *row, const struct identities *known,
		      const struct socket *s, const struct socket_owner *o);

/* A process apart from any socket: thread, descriptor and match are unknown. */
void process_row_of(struct process_row *row, const struct identities *known,
		    const struct process *p);

#endif
