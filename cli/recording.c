/* SPDX-License-Identifier: MIT */
#include "cli/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/message.h"
#include "cli/privileges.h"
#include "cli/version.h"

struct recording {
	char path[RECORD_PATH_MAX];
	int fd; /* of the first file; -1 = not made yet */
	uint64_t file_bytes;
	unsigned keep; /* files; 0 = all */
};

/* --- files ------------------------------------------------------------------------------------ */

/* "a.pcapng", "a-1.pcapng", "a-2.pcapng", ... */
static bool name_of(char out[RECORD_PATH_MAX], const char *path, unsigned n)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	int stem = dot ? (int)(dot - path) : (int)strlen(path), len;

	if (n)
		len = snprintf(out, RECORD_PATH_MAX, "%.*s-%u%s", stem, path, n, dot ? dot : "");
	else
		len = snprintf(out, RECORD_PATH_MAX, "%s", path);
	return len < RECORD_PATH_MAX;
}

/* Whoever began as root is another user by now (cli/privileges.h), and should know which. */
static int cannot_make(const char *path, struct err *e)
{
	int code = -errno;

	if (code == -EACCES)
		return err_set(e, code,
			       "cannot write %.200s: user %u may not (-Z USER chooses another)",
			       path, (unsigned)geteuid());
	return err_set(e, code, "cannot write %.200s: %s", path, strerror(-code));
}

static int make_file(const char *path, struct err *e)
{
	int fd = strcmp(path, "-") ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
				   : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	return fd < 0 ? cannot_make(path, e) : fd;
}

/* Of the files that we made, the oldest goes when there are too many. */
static void drop_old(const struct recording *r, unsigned n)
{
	char path[RECORD_PATH_MAX];

	if (r->keep && n >= r->keep && name_of(path, r->path, n - r->keep))
		(void)unlink(path);
}

static int open_next(void *ctx, unsigned n, char path[RECORD_PATH_MAX], struct err *e)
{
	struct recording *r = ctx;
	int fd = r->fd;

	if (!name_of(path, r->path, n))
		return err_set(e, -ENAMETOOLONG, "the name of the recording is too long");
	r->fd = -1;
	if (fd < 0)
		fd = make_file(path, e);
	if (fd >= 0)
		drop_old(r, n);
	return fd;
}

/* --- life ------------------------------------------------------------------------------------- */

static void done(void *ctx)
{
	struct recording *r = ctx;

	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

static int new_recording(struct recording **out, const char *path, const struct settings *s,
			 struct err *e)
{
	struct recording *r = calloc(1, sizeof(*r));

	if (!r)
		return err_set(e, -ENOMEM, "out of memory");
	r->fd = -1;
	r->file_bytes = s->file_bytes;
	r->keep = s->keep_files;
	*out = r;
	if (snprintf(r->path, sizeof(r->path), "%s", path) < RECORD_PATH_MAX - 12)
		return 0;
	free(r);
	*out = NULL;
	return err_set(e, -EINVAL, "the name of the recording is too long");
}

int recording_prepare(struct recording **out, const struct settings *s, struct err *e)
{
	bool roots_own = geteuid() == 0 && !privileges_caller();
	int status;

	*out = NULL;
	if (!s->record)
		return 0;
	if (s->file_count)
		return err_set(e, -EINVAL, "-w: a file is recorded already; capture live");
	if (!strcmp(s->record, "-") && isatty(STDOUT_FILENO))
		return err_set(e, -EINVAL, "-w -: packets are not for a terminal: name a file");
	status = new_recording(out, s->record, s, e);
	if (status || !roots_own)
		return status;
	(*out)->fd = make_file(s->record, e);
	if ((*out)->fd >= 0)
		return 0;
	status = (*out)->fd;
	done(*out);
	*out = NULL;
	return status;
}

void recording_cancel(struct recording *r)
{
	if (!r)
		return;
	if (r->fd >= 0 && strcmp(r->path, "-"))
		(void)unlink(r->path);
	done(r);
}

int recording_start(struct recording *r, struct engine *en, struct err *e)
{
	struct recorder_options o = {
		.application = "socklens " SOCKLENS_VERSION,
		.open = open_next,
		.done = done,
		.ctx = r,
	};
	struct recorder *recorder;
	int status;

	if (!r)
		return 0;
	o.file_bytes = r->file_bytes;
	status = recorder_new(&recorder, &o, e);
	if (status < 0)
		recording_cancel(r);
	else
		engine_record(en, recorder);
	return status;
}

int recording_switch(void *engine, const char *path, const struct settings *s, struct err *e)
{
	struct recording *r = NULL;
	int status = path ? new_recording(&r, path, s, e) : 0;

	if (!path)
		engine_record(engine, NULL);
	return status ? status : recording_start(r, engine, e);
}

bool recording_tell(const struct record_row *row)
{
	if (row->files > 1)
		message("%llu frames recorded, %llu bytes in %u files; the last is %s",
			(unsigned long long)row->frames, (unsigned long long)row->bytes, row->files,
			row->path);
	else if (row->files)
		message("%llu frames recorded, %llu bytes in %s", (unsigned long long)row->frames,
			(unsigned long long)row->bytes, row->path);
	if (row->lost || *row->error)
		message("the recording broke off: %s; %llu frames are not in it", row->error,
			(unsigned long long)row->lost);
	return !row->lost && !*row->error;
}
