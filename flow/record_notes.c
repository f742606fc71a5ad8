/* SPDX-License-Identifier: MIT */
#include "flow/record_notes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/fmt.h"
#include "base/vis.h"
#include "bpf/replay.h"
#include "flow/engine_private.h"
#include "flow/recorder.h"

enum { LINE_MAX_BYTES = 256 };

static bool begins(const uint8_t *data, size_t n, const char *magic)
{
	return n >= strlen(magic) && !memcmp(data, magic, strlen(magic));
}

/* --- socket events ---------------------------------------------------------------------------- */

static void take_event(void *ctx, const struct sock_event *ev)
{
	struct engine *en = ctx;

	if (ev->kind != SOCK_EVENT_CALL)
		correlator_event(en->correlator, ev);
}

static void take_events(struct engine *en, const uint8_t *data, size_t n)
{
	struct err e;

	en->recorded = true;
	if (replay_each(data, n, take_event, en, &e) < 0)
		engine_note_damage(en, -EBADMSG, &e);
}

/* --- the machine ------------------------------------------------------------------------------ */

static void take_line(struct engine *en, const char *line)
{
	struct addr a;
	uint64_t netns;

	if (!strncmp(line, "netns=", 6) && parse_u64(&netns, line + 6, UINT32_MAX)) {
		en->options.netns = (uint32_t)netns;
		correlator_set_netns(en->correlator, (uint32_t)netns);
	} else if (!strncmp(line, "probe=", 6)) {
		snprintf(en->probe_absent, sizeof(en->probe_absent), "recorded, %.*s",
			 (int)sizeof(en->probe_absent) - 16, line + 6);
	} else if (!strncmp(line, "addr=", 5) && addr_parse(&a, line + 5)) {
		correlator_local_addr(en->correlator, &a);
	}
}

static void take_host(struct engine *en, const uint8_t *data, size_t n)
{
	struct cursor c = cursor_init(data, n);
	char raw[LINE_MAX_BYTES], line[VIS_MAX(LINE_MAX_BYTES) + 1];
	size_t len = 0;

	en->recorded = true;
	correlator_set_probed(en->correlator);
	while (cursor_left(&c)) {
		char byte = (char)cursor_u8(&c);

		if (byte != '\n' && len < sizeof(raw) - 1) {
			raw[len++] = byte;
			continue;
		}
		raw[len] = '\0';
		vis_str(line, sizeof(line), raw, sizeof(raw));
		take_line(en, line);
		len = 0;
	}
}

void record_note(void *engine, const uint8_t *data, size_t n)
{
	if (begins(data, n, RECORD_EVENT_MAGIC))
		take_events(engine, data, n);
	else if (begins(data, n, RECORD_HOST_MAGIC))
		take_host(engine, data + strlen(RECORD_HOST_MAGIC), n - strlen(RECORD_HOST_MAGIC));
}
