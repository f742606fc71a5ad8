/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a frame. The first byte chooses the link type among those with a decoder, the second
 * how many bytes the snap length removed.
 */
#include <stdint.h>
#include <stdlib.h>

#include "decode/decode.h"
#include "tests/unit/decode/consistent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The n-th link type of the decoders' rows, counted around. */
static uint16_t linktype(unsigned n)
{
	static uint16_t types[256];
	static unsigned type_count;
	unsigned count;
	const struct decoder *rows = decoders(&count);

	for (unsigned r = 0; !types[0] && r < count; r++)
		for (unsigned k = 0; k < rows[r].key_count; k++)
			if (rows[r].keys[k].space == SPACE_LINKTYPE)
				types[type_count++] = rows[r].keys[k].type;
	return types[n % type_count];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet p;
	uint32_t caplen, wirelen;

	if (size < 2 || size > UINT16_MAX)
		return 0;
	decode_init();
	caplen = (uint32_t)size - 2;
	wirelen = caplen + data[1];
	decode_frame(&p, linktype(data[0]), data + 2, caplen, wirelen, 0);
	if (inconsistency(&p, data + 2, caplen, wirelen))
		abort();
	return 0;
}
