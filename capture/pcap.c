/* SPDX-License-Identifier: MIT
 *
 * The pcap file format (draft-ietf-opsawg-pcap), in all forms that libpcap reads:
 *
 *   file header                            record header
 *   magic           4                      seconds         4
 *   major, minor    2 + 2                  µs or ns        4
 *   reserved        4 + 4                  captured length 4
 *   snap length     4                      wire length     4
 *   link type       2, FCS and flags 2     (modified: interface 4, protocol 2, direction 1, pad 1)
 *
 * The magic tells byte order and form: a1b2c3d4 µs, a1b23c4d ns, a1b2cd34 µs with the longer
 * record header of Alexey Kuznetzov's patched libpcap. Versions before 2.3 stored the two lengths
 * the other way round, version 2.3 sometimes.
 */
#include "capture/format.h"

#include <endian.h>
#include <string.h>

enum {
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	DIRECTION = 22, /* after interface number and protocol on the machine that captured */
	MODIFIED_EXTRA = 8,
	MAGIC_NANO = 0xa1b23c4d,
	MAGIC_MODIFIED = 0xa1b2cd34,
	LINKTYPE_RESERVED = 0x03ff0000,
	DGUX_MAJOR = 543,    /* DG/UX tcpdump wrote 543.0 for 2.2 */
	PACKET_OUTGOING = 4, /* <linux/if_packet.h> */
};

static bool read_version(struct format *f, uint16_t major, uint16_t minor, struct format_step *step)
{
	if (major == DGUX_MAJOR && minor == 0) {
		f->pcap.lengths = LENGTHS_SWAPPED;
		return true;
	}
	if (major != 2) {
		format_damaged(step, "pcap version %u.%u is none that exists (2.0 to 2.4)", major,
			       minor);
		return false;
	}
	f->pcap.lengths = minor < 3 ? LENGTHS_SWAPPED : minor == 3 ? LENGTHS_GUESS : LENGTHS_PLAIN;
	return true;
}

static void read_file_header(struct format *f, struct cursor *c, struct format_step *step)
{
	struct cursor h = *c;
	struct format_interface *fi;
	uint32_t magic, snaplen, linktype;
	uint16_t major, minor;

	if (!cursor_peek(&h, FILE_HEADER)) {
		format_short(step, FILE_HEADER);
		return;
	}
	/* All three magics begin with a1 in the writer's byte order. */
	f->big_endian = *cursor_peek(&h, 1) == 0xa1;
	magic = format_u32(f, &h);
	f->pcap.nanoseconds = magic == MAGIC_NANO;
	f->pcap.modified = magic == MAGIC_MODIFIED;
	major = format_u16(f, &h);
	minor = format_u16(f, &h);
	if (!read_version(f, major, minor, step))
		return;
	cursor_skip(&h, 8);
	snaplen = format_u32(f, &h);
	linktype = format_u32(f, &h);
	if (linktype & LINKTYPE_RESERVED) {
		format_damaged(step, "the link type field 0x%08x has reserved bits set", linktype);
		return;
	}
	fi = format_add_interface(f);
	if (!fi) {
		step->status = FORMAT_FAILED;
		return;
	}
	fi->pub.linktype = (uint16_t)linktype;
	fi->pub.snaplen = snaplen;
	f->started = true;
	*c = h;
}

static void set_lengths(const struct format *f, struct frame *out, uint32_t first, uint32_t second)
{
	bool swap = f->pcap.lengths == LENGTHS_SWAPPED ||
		    (f->pcap.lengths == LENGTHS_GUESS && first > second);

	out->caplen = swap ? second : first;
	out->wirelen = swap ? first : second;
}

/* A fraction of a whole second or more was never written by a clock: only the seconds count. */
static int64_t time_ns(const struct format *f, uint32_t seconds, uint32_t fraction)
{
	int64_t ns = (int64_t)fraction * (f->pcap.nanoseconds ? 1 : 1000);

	return (int64_t)seconds * 1000000000 + (ns < 1000000000 ? ns : 0);
}

static uint32_t field(const struct format *f, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return f->big_endian ? be32toh(v) : le32toh(v);
}

/* One record; false (and *c untouched) when it ends the parse. */
static bool read_record(struct format *f, struct cursor *c, struct frame *out,
			struct format_step *step)
{
	size_t header = RECORD_HEADER + (f->pcap.modified ? MODIFIED_EXTRA : 0);
	struct cursor h = *c;
	const uint8_t *fields = cursor_bytes(&h, header); /* one check for all of them */

	if (!fields) {
		format_short(step, header);
		return false;
	}
	*out = (struct frame){.time_ns = time_ns(f, field(f, fields), field(f, fields + 4)),
			      .linktype = f->interfaces[0].pub.linktype};
	set_lengths(f, out, field(f, fields + 8), field(f, fields + 12));
	if (f->pcap.modified)
		out->direction = fields[DIRECTION] == PACKET_OUTGOING ? FRAME_DIR_OUT : FRAME_DIR_IN;
	if (out->caplen > FORMAT_CAPLEN_MAX) {
		format_damaged(step, "a packet claims to hold %u bytes", out->caplen);
		return false;
	}
	out->data = cursor_bytes(&h, out->caplen);
	if (!out->data) {
		format_short(step, header + out->caplen);
		return false;
	}
	*c = h;
	return true;
}

/* What nearly all files are: none of the questions above is asked of each record. */
static bool is_usual(const struct format *f)
{
	return !f->big_endian && !f->pcap.modified && f->pcap.lengths == LENGTHS_PLAIN;
}

static inline uint32_t usual_field(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

/* Records of a usual file, up to one that is not whole; the number of them. */
static unsigned read_usual(const struct format *f, struct cursor *c, struct frame *out, unsigned max)
{
	const uint16_t linktype = f->interfaces[0].pub.linktype;
	const uint8_t *fields;
	unsigned n = 0;

	for (; n < max && (fields = cursor_peek(c, RECORD_HEADER)); n++) {
		uint32_t caplen = usual_field(fields + 8);

		if (caplen > FORMAT_CAPLEN_MAX || !cursor_peek(c, RECORD_HEADER + caplen))
			break;
		out[n] = (struct frame){
			.data = fields + RECORD_HEADER,
			.time_ns = time_ns(f, usual_field(fields), usual_field(fields + 4)),
			.caplen = caplen,
			.wirelen = usual_field(fields + 12),
			.linktype = linktype,
		};
		cursor_skip(c, RECORD_HEADER + caplen);
	}
	return n;
}

static void parse(struct format *f, struct cursor *c, struct frame *out, unsigned max,
		  struct format_step *step)
{
	*step = (struct format_step){.status = FORMAT_OK};
	if (!f->started)
		read_file_header(f, c, step);
	if (f->started && is_usual(f))
		step->frames = read_usual(f, c, out, max);
	while (f->started && step->frames < max && read_record(f, c, &out[step->frames], step))
		step->frames++;
}

const struct format_ops format_pcap = {.name = "pcap", .parse = parse};
