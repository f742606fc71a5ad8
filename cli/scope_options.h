/* SPDX-License-Identifier: MIT
 *
 * The options that say whom to follow (bpf/scope.h), one setter each, for the rows of options.c.
 */
#ifndef SOCKLENS_CLI_SCOPE_OPTIONS_H
#define SOCKLENS_CLI_SCOPE_OPTIONS_H

#include "cli/options.h"

int set_scope_pid(struct settings *s, const char *arg, struct err *e);
int set_scope_comm(struct settings *s, const char *arg, struct err *e);
int set_scope_uid(struct settings *s, const char *arg, struct err *e);
int set_scope_cgroup(struct settings *s, const char *arg, struct err *e);
int set_scope_netns(struct settings *s, const char *arg, struct err *e);
int set_scope_port(struct settings *s, const char *arg, struct err *e);

#endif
