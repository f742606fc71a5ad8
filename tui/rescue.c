/* SPDX-License-Identifier: MIT
 *
 * Only async-signal-safe calls here (signal-safety(7)); curses is in an unknown state by then. A
 * handler has no argument of ours, hence the one static object.
 */
#include "tui/rescue.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>
#include <unistd.h>

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT, SIGSYS};
enum { FATAL_COUNT = sizeof(fatal) / sizeof(fatal[0]) };

static struct {
	int fd;
	struct termios modes;
	bool has_modes;
	struct sigaction old[FATAL_COUNT];
	bool ours[FATAL_COUNT];
} rescue;

/* ECMA-48 and xterm: mouse off, attributes off, cursor on, main screen. */
static const char restore[] = "\033[?1006l\033[?1002l\033[?1000l\033[0m\033[?25h\033[?1049l\r\n";

static void on_fatal(int signal)
{
	ssize_t ignored = write(rescue.fd, restore, sizeof(restore) - 1);

	(void)ignored;
	if (rescue.has_modes)
		tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
	raise(signal); /* SA_RESETHAND: the default action now */
}

void rescue_arm(int fd)
{
	struct sigaction ours = {.sa_handler = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER};

	rescue.fd = fd;
	rescue.has_modes = !tcgetattr(fd, &rescue.modes);
	for (int i = 0; i < FATAL_COUNT; i++) {
		sigaction(fatal[i], NULL, &rescue.old[i]);
		rescue.ours[i] = rescue.old[i].sa_handler == SIG_DFL;
		if (rescue.ours[i])
			sigaction(fatal[i], &ours, NULL);
	}
}

void rescue_disarm(void)
{
	for (int i = 0; i < FATAL_COUNT; i++) {
		if (rescue.ours[i])
			sigaction(fatal[i], &rescue.old[i], NULL);
		rescue.ours[i] = false;
	}
}
