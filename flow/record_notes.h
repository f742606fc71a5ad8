/* SPDX-License-Identifier: MIT
 *
 * What stands between the frames of a recording (flow/recorder.h), taken in as if it happened now.
 */
#ifndef SOCKLENS_FLOW_RECORD_NOTES_H
#define SOCKLENS_FLOW_RECORD_NOTES_H

#include <stddef.h>
#include <stdint.h>

/* A note_fn (capture/source.h); ctx is the engine. */
void record_note(void *engine, const uint8_t *data, size_t n);

#endif
