/* SPDX-License-Identifier: MIT
 *
 * The options of socklens export that say where to and how often.
 */
#ifndef SOCKLENS_CLI_EXPORT_OPTIONS_H
#define SOCKLENS_CLI_EXPORT_OPTIONS_H

#include "cli/options.h"

/* What holds unless an option says otherwise. */
struct export_settings export_defaults(void);

int set_export_ipfix(struct settings *s, const char *arg, struct err *e);
int set_export_prometheus(struct settings *s, const char *arg, struct err *e);
int set_export_textfile(struct settings *s, const char *arg, struct err *e);
int set_export_ndjson(struct settings *s, const char *arg, struct err *e);
int set_export_active(struct settings *s, const char *arg, struct err *e);
int set_export_idle(struct settings *s, const char *arg, struct err *e);
int set_export_queue(struct settings *s, const char *arg, struct err *e);
int set_export_series(struct settings *s, const char *arg, struct err *e);
int set_export_domain(struct settings *s, const char *arg, struct err *e);

#endif
