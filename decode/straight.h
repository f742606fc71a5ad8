/* SPDX-License-Identifier: MIT
 *
 * The straight path: most frames of most captures are Ethernet, IPv4 and TCP with nothing odd about
 * them, and those are read in one go instead of layer by layer.
 *
 * All or nothing: a frame that is not exactly like that is left to the decoders. For one that is,
 * every field must be what they would have made of it (tests/unit/decode/test_straight.c).
 */
#ifndef SOCKLENS_DECODE_STRAIGHT_H
#define SOCKLENS_DECODE_STRAIGHT_H

#include "decode/packet.h"

enum { LINKTYPE_ETHERNET = 1 };

/*
 * An Ethernet frame; all is set but the time. False when it takes the long way: the packet holds nothing of
 * use then.
 */
bool decode_straight(struct packet *p, const uint8_t *data, uint32_t caplen, uint32_t wirelen);

#endif
