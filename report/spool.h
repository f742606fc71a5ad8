/* SPDX-License-Identifier: MIT
 *
 * Rows on their way from one process of this program to another, through a file: as they lie in
 * memory, but only what differs from the row of that kind before. Never leaves the machine, or this
 * build.
 */
#ifndef SOCKLENS_REPORT_SPOOL_H
#define SOCKLENS_REPORT_SPOOL_H

#include "flow/rows/row.h"
#include "flow/rows/socket_row.h"

enum spool_kind { SPOOL_END, SPOOL_FLOW, SPOOL_SOCKET, SPOOL_TUNNEL, SPOOL_KINDS };

struct spool_row {
	enum spool_kind kind; /* SPOOL_END: there is no more */
	union {
		const struct flow_row *flow;
		const struct socket_row *socket;
		const struct tunnel_total *tunnel;
	};
};

struct spool_writer;
/* Into fd from its beginning, which is borrowed. NULL = out of memory. */
struct spool_writer *spool_writer_new(int fd);
void spool_put(struct spool_writer *w, const struct spool_row *row);
/* Write what is left: 0, or the negative errno of the first failure. The writer is gone. */
int spool_writer_free(struct spool_writer *w);

struct spool_reader;
struct spool_reader *spool_reader_new(int fd);	/* as above */
void spool_reader_free(struct spool_reader *r); /* accepts NULL */
/*
 * The next row, valid until the next call. 0, or a negative errno: -EBADMSG when the file ends
 * within a row, as that of a process that died does.
 */
int spool_get(struct spool_reader *r, struct spool_row *row);

#endif
