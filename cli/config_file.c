/* SPDX-License-Identifier: MIT */
#include "cli/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/privileges.h"

enum { FILE_BYTES_MAX = 1 << 20 };

/* --- where ------------------------------------------------------------------------------------ */

bool config_path(char out[CONFIG_PATH_MAX])
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const struct passwd *caller = privileges_caller();
	int n = 0;

	if (caller)
		home = caller->pw_dir;
	if (base && *base)
		n = snprintf(out, CONFIG_PATH_MAX, "%s/socklens/config", base);
	else if (home && *home)
		n = snprintf(out, CONFIG_PATH_MAX, "%s/.config/socklens/config", home);
	return n > 0 && n < CONFIG_PATH_MAX;
}

static int fail(const char *path, struct err *e)
{
	return err_set(e, -errno, "%s: %s", path, strerror(errno));
}

/* What is wrong with it will be shown, and with it a part of what it holds. */
static bool may_read(int fd)
{
	const struct passwd *caller = geteuid() == 0 ? privileges_caller() : NULL;
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	       (!caller || st.st_uid == caller->pw_uid || (st.st_mode & S_IROTH));
}

int config_open(FILE **out, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return fail(path, e);
	if (!may_read(fd)) {
		close(fd);
		return err_set(e, -EACCES, "%s: not a file of yours", path);
	}
	*out = fdopen(fd, "r");
	if (*out)
		return 0;
	close(fd);
	return err_set(e, -ENOMEM, "out of memory");
}

/* --- changing a line -------------------------------------------------------------------------- */

/* The rest after a word and the blanks around it; NULL when it begins otherwise. */
static const char *after_word(const char *line, const char *word)
{
	size_t n = strlen(word);

	line += strspn(line, " \t");
	if (strncmp(line, word, n) || !strchr(" \t\r\n", line[n]))
		return NULL;
	return line + n;
}

static bool is_about(const char *line, const char *setting, const char *name)
{
	const char *rest = after_word(line, setting);

	return rest && after_word(rest, name);
}

/* Of several lines alike the last one counts, so all of them go. */
static void change(struct buf *out, FILE *from, const char *setting, const char *name,
		   const char *value)
{
	char *line = NULL;
	size_t room = 0;
	bool put = false;

	while (from && getline(&line, &room, from) >= 0) {
		bool about = is_about(line, setting, name);

		if (!about)
			buf_puts(out, line);
		else if (value && !put)
			buf_printf(out, "%s %s %s\n", setting, name, value);
		put |= about;
		if (!about && line[strlen(line) - 1] != '\n')
			buf_putc(out, '\n');
	}
	if (value && !put)
		buf_printf(out, "%s %s %s\n", setting, name, value);
	free(line);
}

/* The folders that lead to it, for their owner alone. */
static void make_folders(const char *path)
{
	char part[CONFIG_PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		(void)mkdir(part, 0700); /* opening the file tells what is wrong */
	}
}

/* Whoever began as root is another user by now (cli/privileges.h), and should know which. */
static int cannot_keep(const char *path, struct err *e)
{
	if (errno == EACCES || errno == ENOENT)
		return err_set(e, -EACCES,
			       "this holds until the end only: user %u may not write %s",
			       (unsigned)geteuid(), path);
	return err_set(e, -errno, "not kept: %s: %s", path, strerror(errno));
}

static int write_new(const char *path, mode_t mode, const struct buf *b, struct err *e)
{
	char temp[CONFIG_PATH_MAX + 8];
	int fd, status = 0;

	snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return cannot_keep(path, e);
	if (write(fd, b->p, b->len) != (ssize_t)b->len || fchmod(fd, mode) || fsync(fd))
		status = err_set(e, -EIO, "not kept: %s cannot be written", path);
	if (close(fd) && !status)
		status = err_set(e, -errno, "not kept: %s: %s", path, strerror(errno));
	if (!status && rename(temp, path))
		status = err_set(e, -errno, "not kept: %s: %s", path, strerror(errno));
	if (status)
		unlink(temp);
	return status;
}

/* A link, as those have who keep their configuration elsewhere, stays one: its target is written.
 */
static int keep_at(const char *path, const char *setting, const char *name, const char *value,
		   struct err *e)
{
	char *target = realpath(path, NULL);
	const char *at = target && strlen(target) < CONFIG_PATH_MAX ? target : path;
	FILE *old = fopen(at, "re");
	struct stat st = {.st_mode = 0600};
	struct buf b;
	int status = 0;

	if (!old && errno != ENOENT && errno != ENOTDIR)
		status = cannot_keep(at, e);
	if (old)
		(void)fstat(fileno(old), &st);
	buf_init(&b, FILE_BYTES_MAX);
	change(&b, old, setting, name, value);
	if (b.failed && !status)
		status = err_set(e, -EFBIG, "not kept: %s is too large", at);
	if (!status) {
		make_folders(at);
		status = write_new(at, st.st_mode & 0777, &b, e);
	}
	buf_done(&b);
	if (old)
		fclose(old);
	free(target);
	return status;
}

int config_keep(void *unused, const char *setting, const char *name, const char *value,
		struct err *e)
{
	char path[CONFIG_PATH_MAX];

	(void)unused;
	if (!config_path(path))
		return err_set(e, -ENOENT, "not kept: there is no home for a configuration");
	return keep_at(path, setting, name, value, e);
}
