/* SPDX-License-Identifier: MIT
 *
 * The metrics for Prometheus to scrape, by libmicrohttpd, whose thread gives copies of the page and
 * knows nothing of the engine. The port is taken with the caller's privileges (it may be a low
 * one); it listens only once they are dropped. Without an address it listens on this machine's own.
 */
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/agent/sink.h"
#include "cli/agent/target.h"

enum { BACKLOG = 16, CONNECTIONS = 32, TIMEOUT_S = 10, MEMORY_BYTES = 16 << 10 };

struct http {
	struct board *board;
	struct MHD_Daemon *daemon;
	int fd; /* until the daemon has it */
	_Atomic uint64_t scrapes, errors;
};

static const char front[] =
	"<!doctype html><title>socklens</title><a href=\"/metrics\">metrics</a>\n";
static const char metrics_type[] = "text/plain; version=0.0.4; charset=utf-8";

/* --- answers ---------------------------------------------------------------------------------- */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned code, struct MHD_Response *r,
			      const char *type)
{
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	if (type)
		MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	result = MHD_queue_response(c, code, r);
	MHD_destroy_response(r);
	return result;
}

static struct MHD_Response *constant(const char *text)
{
	char *bytes = strdup(text);

	return bytes ? MHD_create_response_from_buffer(strlen(bytes), bytes, MHD_RESPMEM_MUST_FREE)
		     : NULL;
}

static enum MHD_Result answer_metrics(struct http *h, struct MHD_Connection *c)
{
	size_t len;
	char *text = board_copy(h->board, &len);

	if (!text)
		return answer(c, MHD_HTTP_SERVICE_UNAVAILABLE, constant("not yet\n"), NULL);
	atomic_fetch_add(&h->scrapes, 1);
	return answer(c, MHD_HTTP_OK,
		      MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE),
		      metrics_type);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *data_len, void **state)
{
	struct http *h = ctx;

	(void)version, (void)data, (void)data_len, (void)state;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		atomic_fetch_add(&h->errors, 1);
		return answer(c, MHD_HTTP_METHOD_NOT_ALLOWED, constant("GET only\n"), NULL);
	}
	if (strcmp(url, "/metrics") == 0)
		return answer_metrics(h, c);
	if (strcmp(url, "/") == 0)
		return answer(c, MHD_HTTP_OK, constant(front), "text/html");
	atomic_fetch_add(&h->errors, 1);
	return answer(c, MHD_HTTP_NOT_FOUND, constant("/metrics\n"), NULL);
}

/* --- the sink --------------------------------------------------------------------------------- */

static int http_open(void **self, const struct sink_options *o, struct err *e)
{
	struct http *h = calloc(1, sizeof(*h));
	struct target t;
	int status = h ? target_parse(&t, "--prometheus", o->argument, e)
		       : err_set(e, -ENOMEM, "out of memory");

	if (status == 0) {
		if (!*t.host)
			strcpy(t.host, "127.0.0.1");
		h->fd = status = target_bind(&t, "--prometheus", e);
	}
	if (status < 0) {
		free(h);
		return status;
	}
	h->board = o->board;
	*self = h;
	return 0;
}

static int http_start(void *self, struct err *e)
{
	struct http *h = self;

	if (listen(h->fd, BACKLOG) == 0)
		h->daemon = MHD_start_daemon(
			MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, on_request, h,
			MHD_OPTION_LISTEN_SOCKET, h->fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
			MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S,
			MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES, MHD_OPTION_END);
	if (!h->daemon)
		return err_set(e, -errno, "--prometheus: cannot listen: %s", strerror(errno));
	h->fd = -1;
	return 0;
}

static void http_stop(void *self)
{
	struct http *h = self;

	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	h->daemon = NULL;
}

static void http_stats(void *self, struct metrics_sink *out)
{
	struct http *h = self;

	out->connects = atomic_load(&h->scrapes);
	out->errors = atomic_load(&h->errors);
	out->connected = h->daemon;
}

static void http_close(void *self)
{
	struct http *h = self;

	http_stop(h);
	if (h->fd >= 0)
		close(h->fd);
	free(h);
}

const struct sink_ops sink_prometheus = {
	.name = "prometheus",
	.open = http_open,
	.start = http_start,
	.stop = http_stop,
	.stats = http_stats,
	.close = http_close,
	.metrics = true,
};
