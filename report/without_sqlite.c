/* SPDX-License-Identifier: MIT
 *
 * In place of with_sqlite.c where libsqlite3 is not installed: the format says so.
 */
#include <errno.h>

#include "report/formats.h"

int sqlite_open(struct exporter_options *o, struct err *e)
{
	(void)o;
	return err_set(e, -ENOTSUP,
		       "--format sqlite: this program was built without libsqlite3; install "
		       "libsqlite3-dev and build it again");
}

int sqlite_close(struct exporter_options *o, struct err *e)
{
	(void)o;
	(void)e;
	return 0;
}

void sqlite_begin(struct buf *out, const struct exporter_options *o)
{
	(void)out;
	(void)o;
}

void sqlite_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	(void)out;
	(void)o;
	(void)row;
}

void sqlite_socket(struct buf *out, const struct exporter_options *o, const struct socket_row *row)
{
	(void)out;
	(void)o;
	(void)row;
}

void sqlite_tick(const struct exporter_options *o)
{
	(void)o;
}

void sqlite_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	(void)out;
	(void)o;
	(void)sum;
}
