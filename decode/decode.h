/* SPDX-License-Identifier: MIT
 *
 * From bytes to a struct packet. Pure: no allocation, no I/O, no state between frames.
 *
 * Each protocol is one file (dec_*.c) with one function and one row in decode/decoders.h. A
 * decoder reads its own header from the cursor, notes what it learned in the packet and names what
 * comes next; the registry owns the loop, the depth limit and the test "cut by the snap length, or
 * lying about its length?".
 */
#ifndef SOCKLENS_DECODE_DECODE_H
#define SOCKLENS_DECODE_DECODE_H

#include <stdint.h>

#include "base/cursor.h"
#include "decode/packet.h"

/* The number spaces in which one header names the next. */
enum decode_space {
	SPACE_LINKTYPE, /* pcap link types */
	SPACE_ETHERTYPE,
	SPACE_PPP,	/* PPP protocol field */
	SPACE_LLC,	/* DSAP << 8 | SSAP */
	SPACE_IP,	/* IP protocol / next header */
	SPACE_UDP,	/* well-known tunnel ports, tried on either port */
	SPACE_INNER,	/* enum decode_inner */
	SPACE_COUNT
};

/* What has no number of its own and is named by its carrier. */
enum decode_inner {
	INNER_ETHER,
	INNER_IP, /* IPv4 or IPv6, by the version nibble */
	INNER_IPV4,
	INNER_IPV6,
	INNER_LLC,
	INNER_PPP,
	INNER_WLAN,
	INNER_WLAN_PADDED, /* the 802.11 header is padded to 4 bytes */
	INNER_RADIOTAP,
	INNER_ERSPAN,
	INNER_MPLS,
	INNER_EOIP,
	INNER_NSH
};

struct decode {
	struct packet *packet;
	struct packet *carrier; /* the packet before its innermost tunnel, when `tunnelled` */
	bool tunnelled;
	struct cursor c;      /* what is left of the present layer, as captured */
	uint32_t cut;	      /* bytes of the present layer that the snap length removed */
	/* the key that led to the running decoder, until it sets the next one */
	uint8_t next_space;
	uint16_t next_type;
};

enum decode_status {
	DECODE_NEXT,	  /* header read; go on with (next_space, next_type) at the cursor */
	DECODE_DONE,	  /* the packet is complete (in a flow, or `other` says why not) */
	DECODE_UNKNOWN,	  /* not this protocol after all: the carrier's decoding stands */
	DECODE_MALFORMED, /* contradicts itself; an overrun cursor means the same or "truncated" */
};

typedef enum decode_status (*decode_fn)(struct decode *d);

struct decoder_key {
	uint8_t space; /* enum decode_space */
	uint16_t type;
};

enum { DECODER_KEYS_MAX = 12 };

struct decoder {
	const char *name;      /* "vxlan", for --list-decoders */
	const char *reference; /* "RFC 7348" */
	decode_fn fn;
	struct decoder_key keys[DECODER_KEYS_MAX];
	uint8_t key_count;
};

/* Build the lookup table once, before the first frame; safe to call again. */
void decode_init(void);

/*
 * Decode one frame. Everything in *p is set; p->payload borrows from `data`. Malformed input is a
 * result (p->other, p->anomalies), never an error.
 */
void decode_frame(struct packet *p, uint16_t linktype, const uint8_t *data, uint32_t caplen,
		  uint32_t wirelen, int64_t time_ns);

/*
 * The joined fragments of a datagram that begins with a header of `proto`. *p is blank but for
 * time, IP version and addresses; its transport is filled in. It stays a fragment, so that no tunnel
 * inside is entered. False when no ports were found.
 */
bool decode_transport(struct packet *p, uint8_t proto, const uint8_t *data, uint32_t len);

/* The rows, for listings; *count is set. */
const struct decoder *decoders(unsigned *count);

#endif
