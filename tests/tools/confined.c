/* SPDX-License-Identifier: MIT
 *
 * Confine itself as socklens does, then try what should and should not work; a line each: "attempt
 * errno-name". Usage: confined FOLDER [files] [network]
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/confine.h"

static void tell(const char *attempt, long result)
{
	printf("%s %s\n", attempt, result < 0 ? strerrorname_np(errno) : "ok");
	if (result > 2)
		close((int)result);
}

/* In a child, which is gone if it works. */
static void try_exec(void)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	errno = WEXITSTATUS(status);
	tell("exec", errno ? -1 : 0);
}

int main(int argc, char **argv)
{
	struct confinement c = {0};
	const char *missing;
	struct err e;

	if (argc < 2 || chdir(argv[1]) < 0)
		return 2;
	for (int i = 2; i < argc; i++) {
		c.writes_files |= !strcmp(argv[i], "files");
		c.network |= !strcmp(argv[i], "network");
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (confine(&c, &missing, &e) < 0) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	if (missing)
		printf("missing %s\n", missing);
	tell("socket-inet", socket(AF_INET, SOCK_STREAM, 0));
	tell("socket-packet", socket(AF_PACKET, SOCK_RAW, 0));
	tell("socket-unix", socket(AF_UNIX, SOCK_STREAM, 0));
	tell("create", open("new", O_WRONLY | O_CREAT, 0600));
	tell("change", open("old", O_WRONLY));
	tell("remove", unlink("old"));
	tell("read", open("/etc/passwd", O_RDONLY));
	tell("user", getpwuid(0) ? 0 : -1);
	tell("ptrace", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	try_exec();
	return 0;
}
