/* SPDX-License-Identifier: MIT
 *
 * What socklens says to the person: one line on stderr, "socklens: what, where, remedy", made
 * printable. Data goes to stdout and never here.
 */
#ifndef SOCKLENS_CLI_MESSAGE_H
#define SOCKLENS_CLI_MESSAGE_H

void message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
