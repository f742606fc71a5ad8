/* SPDX-License-Identifier: MIT
 *
 * In place of with_http.c where libmicrohttpd is not installed: the option says so.
 */
#include <errno.h>

#include "cli/agent/sink.h"

static int http_open(void **self, const struct sink_options *o, struct err *e)
{
	(void)self;
	return err_set(e, -ENOTSUP,
		       "--prometheus %s: this program was built without libmicrohttpd; install "
		       "libmicrohttpd-dev and build it again, or use --textfile",
		       o->argument);
}

const struct sink_ops sink_prometheus = {.name = "prometheus", .open = http_open, .metrics = true};
