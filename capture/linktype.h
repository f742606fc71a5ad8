/* SPDX-License-Identifier: MIT
 *
 * LINKTYPE_ numbers are what files hold and are the same everywhere; DLT_ numbers are what this
 * system's libpcap speaks. They differ for a few old types.
 */
#ifndef SOCKLENS_CAPTURE_LINKTYPE_H
#define SOCKLENS_CAPTURE_LINKTYPE_H

#include <stdint.h>

uint16_t linktype_from_dlt(int dlt);
int linktype_to_dlt(uint16_t linktype);

#endif
