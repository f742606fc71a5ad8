/* SPDX-License-Identifier: MIT
 *
 * Protocols that talk in lines, the server first: a greeting, commands, and perhaps an agreement to
 * go on with TLS (STARTTLS and its kin). One table a protocol.
 */
#ifndef SOCKLENS_DECODE_APP_DIALOGUE_H
#define SOCKLENS_DECODE_APP_DIALOGUE_H

#include <stdbool.h>

#include "decode/app_rows.h"

/* A server's first line: how it begins, and a word that must be in it; NULL: any, on the row's
 * port. */
struct greeting {
	const char *begin, *word;
};

struct dialogue {
	enum app_id id;
	const char *const *commands; /* first lines of a client, NULL ends: no other protocol's */
	const char *const *shared;   /* those that others have as well: count on the row's port */
	const struct greeting *greetings; /* begin == NULL ends */
	const char *const
		*replies; /* a second line of the server that settles which protocol it is */
	bool tagged;	  /* a client's line begins with a tag */
	bool may_start_tls;
};

enum app_status dialogue(const struct dialogue *d, const struct app_input *in,
			 const struct app_sink *sink);

#endif
