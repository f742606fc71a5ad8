/* SPDX-License-Identifier: MIT
 *
 * Any notes of a recording: socket events and facts about a machine that somebody made up. Each
 * note is a length, a kind and so many bytes; what is kept of them must be rows that are well
 * formed.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/replay.h"
#include "flow/engine_private.h"
#include "flow/record_notes.h"
#include "flow/recorder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KIND_EVENTS, KIND_HOST, KIND_RAW, KINDS, NOTE_MAX = 4096 };

/* The head is right more often than chance would have it. */
static size_t make_note(uint8_t out[NOTE_MAX], unsigned kind, const uint8_t *data, size_t n)
{
	size_t head = 0;

	if (kind == KIND_EVENTS) {
		replay_head(out, 0);
		head = REPLAY_HEADER_BYTES;
	} else if (kind == KIND_HOST) {
		head = strlen(RECORD_HOST_MAGIC);
		memcpy(out, RECORD_HOST_MAGIC, head);
	}
	memcpy(out + head, data, n);
	return head + n;
}

static void take(struct engine *en, unsigned kind, const uint8_t *data, size_t n)
{
	uint8_t note[NOTE_MAX], *exact;

	n = make_note(note, kind, data, n);
	exact = malloc(n ? n : 1); /* so that a byte too many is noticed */
	assert(exact);
	memcpy(exact, note, n);
	record_note(en, exact, n);
	free(exact);
}

static void check_rows(struct engine *en)
{
	static const enum query_rows kinds[] = {QUERY_SOCKETS, QUERY_PROCESSES};

	for (unsigned i = 0; i < 2; i++) {
		const struct query q = {.of = kinds[i],
					.limit = 64,
					.tree = true,
					.sums = {"written_bytes", "io.written_bytes"}};
		struct snapshot *s = engine_snapshot(en, &q);

		assert(s && s->row_count <= s->matched && s->matched <= s->total);
		for (uint32_t r = 0; i == 0 && r < s->row_count; r++)
			assert(memchr(s->sockets[r].local.address, 0, ROW_END_MAX));
		snapshot_free(s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct engine_options o = {.max_flows = 16, .max_sockets = 16};
	struct engine *en;
	struct err e;

	if (engine_new(&en, &o, &e))
		abort();
	while (size > 2) {
		size_t n = data[0] * 16u, kind = data[1] % KINDS;

		data += 2, size -= 2;
		n = n < size ? n : size;
		n = n < NOTE_MAX - 64 ? n : NOTE_MAX - 64;
		take(en, (unsigned)kind, data, n);
		data += n, size -= n;
	}
	check_rows(en);
	engine_free(en);
	return 0;
}
