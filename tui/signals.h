/* SPDX-License-Identifier: MIT
 *
 * Signals as bytes in a pipe, so that the main loop waits for them like for keys (the self-pipe
 * trick, D. J. Bernstein). Works whichever thread the kernel chooses.
 */
#ifndef SOCKLENS_TUI_SIGNALS_H
#define SOCKLENS_TUI_SIGNALS_H

int signals_start(void); /* descriptor to wait on, or a negative errno; one at a time */
int signals_next(int fd); /* a signal that came, or 0 */
void signals_stop(void); /* puts the earlier handlers back */

#endif
