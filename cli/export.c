/* SPDX-License-Identifier: MIT */
#include "cli/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "report/exporter.h"

/* Those with a file of their own need more than a screen has. */
static bool is_for_screens(const struct exporter *x)
{
	return !x->own_file && !x->open;
}

static int no_such_format(struct err *e)
{
	const struct exporter *all;
	char names[160];
	size_t len = 0;
	unsigned count;

	all = exporters(&count);
	for (unsigned i = 0; i < count && len < sizeof(names); i++) {
		if (is_for_screens(&all[i]))
			len += (size_t)snprintf(names + len, sizeof(names) - len, " .%s",
						all[i].extension);
	}
	return err_set(e, -EINVAL, "no format has this extension: there are%s", names);
}

/* The first one with this extension. */
static const struct exporter *format_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	const struct exporter *all;
	unsigned count;

	all = exporters(&count);
	for (unsigned i = 0; dot && i < count; i++) {
		if (is_for_screens(&all[i]) && !strcmp(all[i].extension, dot + 1))
			return &all[i];
	}
	return NULL;
}

static bool write_rows(struct output *out, const struct exporter *x,
		       const struct exporter_options *o, const struct snapshot *s)
{
	struct summary_row sum = s->summary;

	sum.tunnels = NULL; /* the engine's own, which goes on */
	sum.tunnel_count = 0;
	x->begin(&out->buf, o);
	for (uint32_t i = 0; i < s->row_count && output_flush(out, false); i++) {
		if (s->of == QUERY_FLOWS)
			x->flow(&out->buf, o, &s->rows[i]);
		else
			x->socket(&out->buf, o, &s->sockets[i]);
	}
	x->end(&out->buf, o, &sum);
	return output_flush(out, true);
}

static int check(const struct exporter *x, const struct snapshot *s, struct err *e)
{
	if (!x)
		return no_such_format(e);
	if (s->of != QUERY_FLOWS && s->of != QUERY_SOCKETS)
		return err_set(e, -EINVAL, "only flows and sockets can be exported");
	if (s->of == QUERY_SOCKETS && !x->socket)
		return err_set(e, -EINVAL, "%s has no sockets: use .json or .ndjson", x->name);
	return 0;
}

/* Whoever began as root is another user by now (cli/privileges.h), and should know which. */
static int cannot_open(const char *path, struct err *e)
{
	int code = -errno;

	if (code == -EACCES)
		return err_set(e, code, "cannot write %.200s: user %u may not; /tmp is open to all",
			       path, (unsigned)geteuid());
	return err_set(e, code, "cannot write %.200s: %s", path, strerror(-code));
}

int export_rows(void *unused, const char *path, const struct snapshot *s, struct err *e)
{
	const struct exporter *x = format_of(path);
	const struct exporter_options o = {.names = true, .utf8 = true};
	struct output out;
	int status = check(x, s, e), fd;

	(void)unused;
	if (status)
		return status;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return cannot_open(path, e);
	output_init(&out, fd);
	if (!write_rows(&out, x, &o, s))
		status = err_set(e, -out.error, "cannot write %.200s: %s", path, strerror(out.error));
	output_done(&out);
	if (close(fd) < 0 && !status)
		status = err_set(e, -errno, "cannot write %.200s: %s", path, strerror(errno));
	return status;
}
