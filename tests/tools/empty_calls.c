/* SPDX-License-Identifier: MIT
 *
 * Keep programs that do nothing on the entry and exit of system calls until SIGINT or SIGTERM: the
 * tax that bench/overhead.py compares with.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "bpf/probe.h"

int main(void)
{
	struct tax *t;
	struct err e = {""};
	sigset_t stops;
	int sig;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	if (tax_open(&t, &e)) {
		printf("# failed %s\n", e.text);
		return 1;
	}
	puts("# ready");
	fflush(stdout);
	sigwait(&stops, &sig);
	tax_free(t);
	return 0;
}
