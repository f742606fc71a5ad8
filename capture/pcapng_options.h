/* SPDX-License-Identifier: MIT
 *
 * The option list at the end of a pcapng block: code, length, value, padded to 32 bits.
 */
#ifndef SOCKLENS_CAPTURE_PCAPNG_OPTIONS_H
#define SOCKLENS_CAPTURE_PCAPNG_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "capture/format.h"

enum pcapng_option_code {
	OPT_END = 0,
	OPT_COMMENT = 1,
	IF_NAME = 2,
	IF_TSRESOL = 9,
	IF_TSOFFSET = 14,
	EPB_FLAGS = 2,
	EPB_DROPCOUNT = 4,
	ISB_IFDROP = 5,
	ISB_OSDROP = 7,
};

struct pcapng_option {
	uint16_t code;
	uint16_t len;
	struct cursor value; /* exactly len bytes */
};

/*
 * Take the next option off `list`; false at the end. A list that makes no sense ends early and is
 * left bad: the block's own length still says where the next one begins.
 */
bool pcapng_option_next(const struct format *f, struct cursor *list, struct pcapng_option *o);

#endif
