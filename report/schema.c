/* SPDX-License-Identifier: MIT */
#include "report/schema.h"

#include <string.h>

#include "flow/rows/socket_field.h"
#include "report/delays.h"
#include "report/nest.h"
#include "report/quote.h"
#include "report/record.h"

#define OBJECT "{\"type\":\"object\",\"properties\":{"

static const char addr_schema[] = "\"type\":\"string\"";
static const char tunnel_schema[] =
	"\"type\":\"array\",\"items\":" OBJECT
	"\"kind\":{\"type\":\"string\"},\"id\":{\"type\":\"integer\"},\"src\":{\"type\":\"string\"},"
	"\"dst\":{\"type\":\"string\"}},\"required\":[\"kind\",\"src\",\"dst\"]}";
static const char owners_schema[] =
	"\"type\":\"array\",\"items\":" OBJECT
	"\"pid\":{\"type\":\"integer\"},\"tid\":{\"type\":\"integer\"},\"uid\":{\"type\":\"integer\"},"
	"\"fd\":{\"type\":\"integer\"},\"name\":{\"type\":\"string\"},"
	"\"from_ns\":{\"type\":\"integer\"},\"until_ns\":{\"type\":\"integer\"},"
	"\"acted\":{\"type\":\"boolean\"}}}";

/* What a value of each type is; FIELD_MATCH and FIELD_REASON have their words. */
static const char *const types[] = {
	[FIELD_INT] = "\"type\":\"integer\"",
	[FIELD_BYTES] = "\"type\":\"integer\"",
	[FIELD_BITRATE] = "\"type\":\"integer\"",
	[FIELD_DURATION] = "\"type\":\"integer\"",
	[FIELD_TIME] = "\"type\":\"string\",\"format\":\"date-time\"",
	[FIELD_WORD] = "\"type\":\"string\",\"minLength\":1",
	[FIELD_TEXT] = "\"type\":\"string\",\"minLength\":1",
	[FIELD_FACT] = "\"type\":\"string\",\"minLength\":1",
	[FIELD_LIST] = "\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1",
	[FIELD_ADDR] = addr_schema,
	[FIELD_PROTO] = "\"type\":\"string\"",
	[FIELD_VERSION] = "\"enum\":[4,6]",
	[FIELD_ORIGIN] = "\"enum\":[\"syn\",\"connect\",\"port\",\"first\"]",
	[FIELD_ID] = "\"type\":\"string\",\"pattern\":\"^[0-9a-f]{16}$\"",
	[FIELD_VLANS] = "\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":1",
	[FIELD_TUNNELS] = tunnel_schema,
	[FIELD_OWNERS] = owners_schema,
};

#define X(id, name) name,
static const char *const matches[] = {MATCH_ROWS(X)};
static const char *const reasons[] = {UNBOUND_ROWS(X)};
#undef X

static void put_words(struct buf *out, const char *const *words, unsigned n)
{
	const char *between = "\"enum\":[";

	for (unsigned i = 0; i < n; i++) {
		if (!*words[i])
			continue;
		buf_puts(out, between);
		quote_json(out, words[i], strlen(words[i]));
		between = ",";
	}
	buf_putc(out, ']');
}

static void put_type(struct buf *out, const struct field *f)
{
	if (f->type == FIELD_MATCH)
		put_words(out, matches, sizeof(matches) / sizeof(matches[0]));
	else if (f->type == FIELD_REASON)
		put_words(out, reasons, sizeof(reasons) / sizeof(reasons[0]));
	else
		buf_puts(out, types[f->type]);
}

static void put_fields(struct buf *out, const char *record, const struct field *f, unsigned n)
{
	struct nest s = {.opening = OBJECT, .closing = "}}", .comma = true};

	buf_printf(out, "\"%s\":" OBJECT "\"type\":{\"const\":\"%s\"}", record, record);
	for (unsigned i = 0; i < n; i++) {
		buf_puts(out, "\n");
		nest_to(out, &s, f[i].name);
		buf_putc(out, '{');
		put_type(out, &f[i]);
		buf_puts(out, ",\"description\":");
		quote_json(out, f[i].help, strlen(f[i].help));
		buf_putc(out, '}');
	}
	nest_end(out, &s);
	buf_puts(out, "},\"required\":[\"type\",\"id\"]}");
}

/* --- the summary ------------------------------------------------------------------------------ */

static void put_counters(struct buf *out, const char *object, unsigned first, unsigned n,
			 const char *(*name)(unsigned i))
{
	buf_printf(out, ",\n\"%s\":" OBJECT, object);
	for (unsigned i = first; i < n; i++)
		buf_printf(out, "%s\"%s\":{\"type\":\"integer\"}", i > first ? "," : "", name(i));
	buf_puts(out, "}}");
}

static const char *other_name(unsigned i)
{
	return packet_other_name(i);
}

static const char *anomaly_name(unsigned i)
{
	return packet_anomaly_name(i);
}

static const char *loss_stage_name(unsigned i)
{
	return loss_name(i);
}

static void put_summary(struct buf *out)
{
	static const char *const counts[] = {
		"packets", "flow_packets", "other_packets", "bytes", "flows", "live_flows", "hidden",
		"flows_out_of_scope", "sockets", "events", "first_ns", "last_ns",
	};

	buf_printf(out, "\"summary\":" OBJECT "\"type\":{\"const\":\"summary\"},\"schema\":{\"const\":%d}",
		   RECORD_SCHEMA);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		buf_printf(out, ",\n\"%s\":{\"type\":\"integer\"}", counts[i]);
	put_counters(out, "other", PACKET_IN_FLOW + 1, PACKET_OTHER_COUNT, other_name);
	put_counters(out, "anomalies", 0, ANOMALY_COUNT, anomaly_name);
	put_counters(out, "loss", 0, LOSS_STAGES, loss_stage_name);
	delays_put_schema(out);
	buf_puts(out, ",\n\"probe\":{\"type\":\"string\"},\n\"tunnels\":{\"type\":\"array\",\"items\":" OBJECT
		      "\"kind\":{\"type\":\"string\"},\"id\":{\"type\":\"integer\"},"
		      "\"src\":{\"type\":\"string\"},\"dst\":{\"type\":\"string\"},"
		      "\"packets\":{\"type\":\"integer\"},\"bytes\":{\"type\":\"integer\"}}}}},"
		      "\"required\":[\"type\",\"schema\",\"packets\",\"flows\",\"loss\"]}");
}

void schema_put(struct buf *out)
{
	unsigned flow_count, socket_count;
	const struct field *flow = fields(&flow_count), *socket = socket_fields(&socket_count);

	buf_puts(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
		      "\"title\":\"A line of socklens report --format ndjson\",\n\"oneOf\":["
		      "{\"$ref\":\"#/$defs/flow\"},{\"$ref\":\"#/$defs/socket\"},"
		      "{\"$ref\":\"#/$defs/summary\"}],\n\"$defs\":{\n");
	put_fields(out, "flow", flow, flow_count);
	buf_puts(out, ",\n");
	put_fields(out, "socket", socket, socket_count);
	buf_puts(out, ",\n");
	put_summary(out);
	buf_puts(out, "}}\n");
}
