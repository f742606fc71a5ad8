/* SPDX-License-Identifier: MIT
 *
 * The native record as a JSON Schema (draft 2020-12), made from the tables that the records are
 * made from: `socklens list schema`, docs/schema.json.
 */
#ifndef SOCKLENS_REPORT_SCHEMA_H
#define SOCKLENS_REPORT_SCHEMA_H

#include "base/buf.h"

void schema_put(struct buf *out);

#endif
