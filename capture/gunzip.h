/* SPDX-License-Identifier: MIT
 *
 * A gzip stream (RFC 1952), one or several members, as plain bytes; between the file and its
 * blocks.
 */
#ifndef SOCKLENS_CAPTURE_GUNZIP_H
#define SOCKLENS_CAPTURE_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gunzip;

enum gunzip_status {
	GUNZIP_OK,   /* there may be more at once */
	GUNZIP_MORE, /* needs input */
	GUNZIP_END,  /* between members: the end, if the input ends as well */
	GUNZIP_BAD,  /* no gzip stream from here on */
};

/* NULL when out of memory. */
struct gunzip *gunzip_new(void);
void gunzip_free(struct gunzip *g); /* accepts NULL */

/* Room for up to *room bytes of input, after what is not yet used; tell by gunzip_add how many
 * came. */
uint8_t *gunzip_room(struct gunzip *g, size_t *room);
void gunzip_add(struct gunzip *g, size_t n);

/* Unpack up to size bytes into out; *n says how many. */
enum gunzip_status gunzip_run(struct gunzip *g, void *out, size_t size, size_t *n);

#endif
