/* SPDX-License-Identifier: MIT
 *
 * The pcapng file format (draft-ietf-opsawg-pcapng): a chain of blocks,
 *
 *   type 4 | total length 4 | body, padded to 32 bits | total length 4
 *
 * in sections that each begin with a section header (SHB) and have their own byte order and their
 * own interfaces. Read here: interface descriptions (IDB), packets in all three forms (EPB, SPB and
 * the obsolete PB), interface statistics (ISB), and the notes of our own recordings. Every other block
 * is passed over by its length.
 */
#include <stdlib.h>
#include <string.h>

#include "capture/format.h"
#include "capture/pcapng_blocks.h"
#include "capture/pcapng_time.h"

enum {
	BLOCK_HEADER = 8,
	BLOCK_MIN = 12,
	SHB_PEEK = 12, /* up to the byte order magic, which is needed to read the length */
	BLOCK_OVERHEAD_MAX = 1 << 20, /* options beside the largest packet */
	NAME_MAX_BYTES = 255,
	DROPS_UNKNOWN = 0xffff,
};

/* What reading one block's body came to. */
enum body { BODY_FRAME, BODY_NO_FRAME, BODY_NOTE, BODY_DAMAGED, BODY_FAILED };

typedef enum body (*body_fn)(struct format *f, struct cursor *body, struct frame *out,
			     struct format_step *step);

static enum body damaged(struct format_step *step, const char *why)
{
	format_damaged(step, "%s", why);
	return BODY_DAMAGED;
}

static enum body read_shb(struct format *f, struct cursor *b, struct frame *out,
			  struct format_step *step)
{
	uint16_t major;

	(void)out;
	cursor_skip(b, 4); /* the byte order magic: seen by read_order */
	major = format_u16(f, b);
	cursor_skip(b, 2 + 8);
	if (b->bad)
		return damaged(step, "a section header block is too short");
	if (major != 1) {
		format_damaged(step, "pcapng version %u is not known (1 is)", major);
		return BODY_DAMAGED;
	}
	f->pcapng.section_base = f->interface_count;
	f->started = true;
	return BODY_NO_FRAME;
}

static char *copy_name(struct cursor *value)
{
	size_t n = cursor_left(value) < NAME_MAX_BYTES ? cursor_left(value) : NAME_MAX_BYTES;

	return strndup((const char *)cursor_bytes(value, n), n);
}

static enum body read_idb_options(struct format *f, struct format_interface *fi,
				  struct cursor *list)
{
	struct pcapng_option o;
	uint8_t resolution = PCAPNG_MICROSECONDS;
	int64_t offset_s = 0;

	while (pcapng_option_next(f, list, &o)) {
		if (o.code == IF_NAME && !fi->pub.name) {
			fi->pub.name = copy_name(&o.value);
			if (!fi->pub.name)
				return BODY_FAILED;
		} else if (o.code == IF_TSRESOL && o.len == 1) {
			resolution = cursor_u8(&o.value);
		} else if (o.code == IF_TSOFFSET && o.len == 8) {
			offset_s = (int64_t)format_u64(f, &o.value);
		}
	}
	pcapng_time_init(fi, resolution, offset_s);
	return BODY_NO_FRAME;
}

static enum body read_idb(struct format *f, struct cursor *b, struct frame *out,
			  struct format_step *step)
{
	struct format_interface *fi;
	uint16_t linktype = format_u16(f, b);
	uint32_t snaplen;

	(void)out;
	cursor_skip(b, 2);
	snaplen = format_u32(f, b);
	if (b->bad)
		return damaged(step, "an interface description block is too short");
	fi = format_add_interface(f);
	if (!fi)
		return BODY_FAILED;
	fi->pub.linktype = linktype;
	fi->pub.snaplen = snaplen;
	return read_idb_options(f, fi, b);
}

/* The interface that a packet names, which its section must have described before. */
static struct format_interface *interface_of(struct format *f, uint32_t id, struct frame *out,
					     struct format_step *step)
{
	size_t described = f->interface_count - f->pcapng.section_base;

	if (id >= described) {
		format_damaged(step, "a packet names interface %u of %zu", id, described);
		return NULL;
	}
	out->interface = (uint16_t)(f->pcapng.section_base + id);
	out->linktype = f->interfaces[out->interface].pub.linktype;
	return &f->interfaces[out->interface];
}

static void read_packet_options(struct format *f, struct format_interface *fi, struct cursor *list,
				struct frame *out)
{
	struct pcapng_option o;

	while (pcapng_option_next(f, list, &o)) {
		if (o.code == OPT_COMMENT && !out->comment) {
			out->comment = (const char *)o.value.p;
			out->comment_len = o.len;
		} else if (o.code == EPB_FLAGS && o.len == 4) {
			/* Bits 0-1: 0 unknown, 1 inbound, 2 outbound, as in frame_direction. */
			uint32_t direction = format_u32(f, &o.value) & 3;

			out->direction = direction < 3 ? (uint8_t)direction : FRAME_DIR_UNKNOWN;
		} else if (o.code == EPB_DROPCOUNT && o.len == 8) {
			fi->packet_drops += format_u64(f, &o.value);
		}
	}
}

/* What EPB and PB share from the time stamp on. */
static enum body read_timed_packet(struct format *f, struct format_interface *fi, struct cursor *b,
				   struct frame *out, struct format_step *step)
{
	uint64_t high = format_u32(f, b);

	out->time_ns = pcapng_time_ns(fi, high << 32 | format_u32(f, b));
	out->caplen = format_u32(f, b);
	out->wirelen = format_u32(f, b);
	out->data = cursor_bytes(b, out->caplen);
	if (!out->data)
		return damaged(step, "a packet is longer than the block that holds it");
	if (cursor_left(b) > 3) {
		cursor_skip(b, -(size_t)out->caplen & 3);
		read_packet_options(f, fi, b, out);
	}
	return BODY_FRAME;
}

static enum body read_epb(struct format *f, struct cursor *b, struct frame *out,
			  struct format_step *step)
{
	struct format_interface *fi = interface_of(f, format_u32(f, b), out, step);

	return fi ? read_timed_packet(f, fi, b, out, step) : BODY_DAMAGED;
}

static enum body read_pb(struct format *f, struct cursor *b, struct frame *out,
			 struct format_step *step)
{
	struct format_interface *fi = interface_of(f, format_u16(f, b), out, step);
	uint16_t drops = format_u16(f, b);

	if (!fi || read_timed_packet(f, fi, b, out, step) == BODY_DAMAGED)
		return BODY_DAMAGED;
	if (drops != DROPS_UNKNOWN)
		fi->packet_drops += drops;
	return BODY_FRAME;
}

/* No time, always the section's first interface, cut at its snap length. */
static enum body read_spb(struct format *f, struct cursor *b, struct frame *out,
			  struct format_step *step)
{
	struct format_interface *fi = interface_of(f, 0, out, step);

	if (!fi)
		return BODY_DAMAGED;
	out->wirelen = format_u32(f, b);
	out->caplen = out->wirelen;
	if (fi->pub.snaplen && fi->pub.snaplen < out->caplen)
		out->caplen = fi->pub.snaplen;
	if (cursor_left(b) < out->caplen)
		out->caplen = (uint32_t)cursor_left(b);
	out->data = cursor_bytes(b, out->caplen);
	return out->data ? BODY_FRAME : damaged(step, "a simple packet block is too short");
}

static enum body read_isb(struct format *f, struct cursor *b, struct frame *out,
			  struct format_step *step)
{
	size_t id = format_u32(f, b);
	struct format_interface *fi;
	struct pcapng_option o;

	(void)out;
	cursor_skip(b, 8);
	if (b->bad)
		return damaged(step, "an interface statistics block is too short");
	if (id >= f->interface_count - f->pcapng.section_base)
		return BODY_NO_FRAME; /* statistics of nothing we know harm nobody */
	fi = &f->interfaces[f->pcapng.section_base + id];
	while (pcapng_option_next(f, b, &o)) {
		/* Totals since the capture began: the last block counts. */
		if (o.code == ISB_IFDROP && o.len == 8)
			fi->if_drops = format_u64(f, &o.value);
		else if (o.code == ISB_OSDROP && o.len == 8)
			fi->os_drops = format_u64(f, &o.value);
	}
	return BODY_NO_FRAME;
}

static enum body read_note(struct format *f, struct cursor *b, struct frame *out,
			   struct format_step *step)
{
	(void)f, (void)out;
	step->note_len = cursor_left(b);
	step->note = cursor_bytes(b, step->note_len);
	return BODY_NOTE;
}

static const struct block {
	body_fn read;
	bool packet;
} blocks[] = {
	[BLOCK_IDB] = {read_idb, false}, [BLOCK_PB] = {read_pb, true},
	[BLOCK_SPB] = {read_spb, true},	 [BLOCK_ISB] = {read_isb, false},
	[BLOCK_EPB] = {read_epb, true},
};
static const struct block note_block = {read_note, false};

static const struct block *block_of(uint32_t type)
{
	static const struct block shb = {read_shb, false};

	if (type == BLOCK_SHB)
		return &shb;
	if (type == (uint32_t)BLOCK_NOTE)
		return &note_block;
	return type < sizeof(blocks) / sizeof(blocks[0]) && blocks[type].read ? &blocks[type]
									      : NULL;
}

/* A section header says itself in which byte order it and all up to the next one is written. */
static bool read_order(struct format *f, const struct cursor *c, struct format_step *step)
{
	struct cursor h = *c;
	uint32_t magic;

	if (!cursor_peek(c, SHB_PEEK)) {
		format_short(step, SHB_PEEK);
		return false;
	}
	cursor_skip(&h, BLOCK_HEADER);
	magic = cursor_be32(&h);
	if (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC)) {
		format_damaged(step, "a section header has no byte order magic");
		return false;
	}
	f->big_endian = magic == BYTE_ORDER_MAGIC;
	return true;
}

/*
 * The block at the cursor: its reader (NULL = pass over `*total` bytes) and its body, or false when
 * the parse ends here.
 */
static bool frame_block(struct format *f, const struct cursor *c, const struct block **block,
			struct cursor *body, uint32_t *total, struct format_step *step)
{
	struct cursor h = *c;
	uint32_t type = format_u32(f, &h), trailer;

	if (type == BLOCK_SHB && !h.bad && !read_order(f, c, step))
		return false;
	*total = format_u32(f, &h);
	if (h.bad) {
		format_short(step, BLOCK_HEADER);
		return false;
	}
	if (*total < BLOCK_MIN || *total & 3) {
		format_damaged(step, "a block of type 0x%08x claims a length of %u bytes", type,
			       *total);
		return false;
	}
	*block = block_of(type);
	if (!*block)
		return true;
	if (*total > FORMAT_CAPLEN_MAX + BLOCK_OVERHEAD_MAX) {
		format_damaged(step, "a block of type 0x%08x claims to hold %u bytes", type,
			       *total);
		return false;
	}
	*body = cursor_sub(&h, *total - BLOCK_MIN);
	trailer = format_u32(f, &h);
	if (body->bad || h.bad) {
		format_short(step, *total);
		return false;
	}
	if (trailer != *total) {
		format_damaged(step, "a block begins with length %u and ends with %u", *total,
			       trailer);
		return false;
	}
	return true;
}

/* One block off *c; false when it ends the parse and stays. */
static bool read_block(struct format *f, struct cursor *c, struct frame *out, unsigned max,
		       struct format_step *step)
{
	const struct block *block;
	struct cursor body;
	uint32_t total;

	if (!frame_block(f, c, &block, &body, &total, step))
		return false;
	if (!block) {
		if (cursor_left(c) < total) {
			step->status = FORMAT_SKIP;
			step->bytes = total;
			return false;
		}
		cursor_skip(c, total);
		return true;
	}
	if (block->packet && step->frames == max)
		return false;
	/* It stands between frames: those before it are handed out first. */
	step->at_note = block == &note_block;
	if (step->at_note && (step->frames || !max))
		return false;
	out += step->frames;
	if (block->packet)
		*out = (struct frame){0};
	switch (block->read(f, &body, out, step)) {
	case BODY_FRAME:
		step->frames++;
		/* fall through */
	case BODY_NO_FRAME: cursor_skip(c, total); return true;
	case BODY_NOTE: cursor_skip(c, total); return false;
	case BODY_FAILED: step->status = FORMAT_FAILED; return false;
	case BODY_DAMAGED:
	default: return false;
	}
}

static void parse(struct format *f, struct cursor *c, struct frame *out, unsigned max,
		  struct format_step *step)
{
	*step = (struct format_step){.status = FORMAT_OK};
	while (read_block(f, c, out, max, step))
		;
}

const struct format_ops format_pcapng = {.name = "pcapng", .parse = parse};
