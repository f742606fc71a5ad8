/* SPDX-License-Identifier: MIT
 *
 * Numbers of the pcapng format (draft-ietf-opsawg-pcapng) that reader and writer share, and the
 * option list at the end of a block: code, length, value, padded to 32 bits.
 */
#ifndef SOCKLENS_CAPTURE_PCAPNG_BLOCKS_H
#define SOCKLENS_CAPTURE_PCAPNG_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "capture/format.h"

enum pcapng_block_type {
	BLOCK_SHB = 0x0a0d0d0a, /* the same in both byte orders */
	BLOCK_IDB = 1,
	BLOCK_PB = 2,
	BLOCK_SPB = 3,
	BLOCK_ISB = 5,
	BLOCK_EPB = 6,
	/* Bit 31: for local use. Who does not know it passes over it, and counts no frame. */
	BLOCK_NOTE = 0x80534b4cu,
};

enum { BYTE_ORDER_MAGIC = 0x1a2b3c4d };

enum pcapng_option_code {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_TSRESOL = 9,
	IF_TSOFFSET = 14,
	EPB_FLAGS = 2,
	EPB_DROPCOUNT = 4,
	EPB_PROCESSID_THREADID = 8,
	ISB_STARTTIME = 2,
	ISB_ENDTIME = 3,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	ISB_OSDROP = 7,
	ISB_USRDELIV = 8,
};

struct pcapng_option {
	uint16_t code;
	uint16_t len;
	struct cursor value; /* exactly len bytes */
};

/*
 * Take the next option off `list`; false at the end. A list that makes no sense ends early and is
 * left bad, its rest counted as damaged: the block's own length still says where the next one begins.
 */
bool pcapng_option_next(struct format *f, struct cursor *list, struct pcapng_option *o);

#endif
