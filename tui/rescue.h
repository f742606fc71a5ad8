/* SPDX-License-Identifier: MIT
 *
 * The terminal's last friend: when the program crashes, put it back to where it was.
 */
#ifndef SOCKLENS_TUI_RESCUE_H
#define SOCKLENS_TUI_RESCUE_H

/* Remember the terminal's modes and watch the fatal signals that nobody else handles. */
void rescue_arm(int fd);
void rescue_disarm(void);

#endif
