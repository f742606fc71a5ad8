/* SPDX-License-Identifier: MIT */
#include "cli/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fmt.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/privileges.h"

enum { EXIT_CANNOT_RUN = 127, EXIT_SIGNALLED = 128 };

/* --- in the new process --- */

static bool set_up_streams(bool screen)
{
	int nowhere;

	if (!screen)
		return dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
	nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	return nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 &&
	       dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0;
}

/* sudo made us root for our own sake, not for the command's. */
static bool become_caller(void)
{
	const struct passwd *pw = geteuid() == 0 ? privileges_caller() : NULL;

	if (!pw)
		return true;
	if (initgroups(pw->pw_name, pw->pw_gid) || setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid))
		return false;
	return !setenv("HOME", pw->pw_dir, 1) && !setenv("USER", pw->pw_name, 1) &&
	       !setenv("LOGNAME", pw->pw_name, 1);
}

static _Noreturn void wait_and_run(int gate, char *const *command, bool screen)
{
	char word;

	if (!become_caller()) {
		message("cannot become the user who called: %s", strerror(errno));
		_exit(EXIT_CANNOT_RUN);
	}
	/* After the change of user, which clears it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (read(gate, &word, 1) != 1)
		_exit(EXIT_CANNOT_RUN); /* it never began */
	if (set_up_streams(screen))
		execvp(command[0], command);
	message("cannot run %s: %s", command[0], strerror(errno));
	_exit(EXIT_CANNOT_RUN);
}

/* --- in ours --- */

int launch_prepare(struct launch *l, char *const *command, bool screen, struct err *e)
{
	int gate[2], code;

	*l = (struct launch){.gate = -1, .pidfd = -1};
	if (pipe2(gate, O_CLOEXEC))
		return err_set(e, -errno, "cannot start %s: %s", command[0], strerror(errno));
	l->pid = fork();
	if (l->pid == 0) {
		close(gate[1]);
		wait_and_run(gate[0], command, screen);
	}
	close(gate[0]);
	l->gate = gate[1];
	if (l->pid > 0)
		l->pidfd = (int)syscall(SYS_pidfd_open, l->pid, 0);
	if (l->pidfd >= 0)
		return 0;
	code = -errno;
	close(gate[1]);
	l->pid = 0;
	return err_set(e, code, "cannot start %s: %s", command[0], strerror(-code));
}

void launch_go(struct launch *l)
{
	if (!l->pid)
		return;
	if (write(l->gate, "g", 1) < 0)
		message("cannot start the command: %s", strerror(errno));
	close(l->gate);
	l->gate = -1;
}

static int exit_code_of(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
}

int launch_end(struct launch *l, int code)
{
	int status;

	if (!l->pid)
		return code;
	if (l->gate >= 0)
		close(l->gate);
	close(l->pidfd);
	if (waitpid(l->pid, &status, WNOHANG) != l->pid)
		return code;
	return code == EXIT_DONE ? exit_code_of(status) : code;
}
