/* SPDX-License-Identifier: MIT
 *
 * One JSON array (RFC 8259). The summary is its last element, always there, so that every flow can
 * be followed by a comma.
 */
#include "report/formats.h"

#include "report/record.h"
#include "report/record_socket.h"

void json_begin(struct buf *out, const struct exporter_options *o)
{
	(void)o;
	buf_puts(out, "[\n");
}

void json_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	(void)o;
	record_flow(out, row);
	buf_puts(out, ",\n");
}

void json_socket(struct buf *out, const struct exporter_options *o, const struct socket_row *row)
{
	(void)o;
	record_socket(out, row);
	buf_puts(out, ",\n");
}

void json_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	(void)o;
	record_summary(out, sum);
	buf_puts(out, "\n]\n");
}
