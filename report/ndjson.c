/* SPDX-License-Identifier: MIT
 *
 * One JSON object a line (NDJSON): flows, sockets, and the summary last.
 */
#include "report/formats.h"

#include "report/record.h"
#include "report/record_socket.h"

void ndjson_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	(void)o;
	record_flow(out, row);
	buf_putc(out, '\n');
}

void ndjson_socket(struct buf *out, const struct exporter_options *o,
		   const struct socket_row *row)
{
	(void)o;
	record_socket(out, row);
	buf_putc(out, '\n');
}

void ndjson_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	(void)o;
	record_summary(out, sum);
	buf_putc(out, '\n');
}
