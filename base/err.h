/* SPDX-License-Identifier: MIT
 *
 * One line that tells a person what failed, where, and what to do.
 *
 * Library rooms never print: a function that can fail for a reason worth explaining takes a
 * `struct err *` (NULL allowed), fills it and returns a negative errno; cli prints it.
 */
#ifndef SOCKLENS_BASE_ERR_H
#define SOCKLENS_BASE_ERR_H

struct err {
	char text[320]; /* printable, no newline, NUL-terminated; "" when nothing failed */
};

/* Format the reason and return `code` (a negative errno), so that failing is one statement. */
int err_set(struct err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
