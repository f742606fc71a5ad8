/* SPDX-License-Identifier: MIT
 *
 * Is a socket of those that were asked for (bpf/scope.h)? The same rules as in the
 * kernel, for what was known before them and for captures, where no kernel has asked.
 */
#ifndef SOCKLENS_FLOW_SCOPE_H
#define SOCKLENS_FLOW_SCOPE_H

#include <stdbool.h>

#include "bpf/scope.h"
#include "flow/rows/process_row.h"

bool scope_is_all(const struct probe_scope *sc); /* nothing was asked for */

/* By any of its owners. */
bool scope_has_socket(const struct probe_scope *sc, const struct identities *known,
		      const struct socket *s);

#endif
