/* SPDX-License-Identifier: MIT
 *
 * The application parsers: one row each. A row gives the function app_NAME (in app_NAME.c, or in the
 * file of the family it belongs to), the document that defines the protocol, what it is shown, and
 * the ports that it is tried on first. The order is that of trying: certain patterns before weak ones.
 */
#ifndef SOCKLENS_DECODE_APP_ROWS_H
#define SOCKLENS_DECODE_APP_ROWS_H

#include "decode/app.h"

/* clang-format off */
#define APP_ROWS(X)                                                                             \
	X(tls, "RFC 8446, RFC 5246, RFC 6101", APP_STREAM, 443, 8443, 993, 995, 465, 853)       \
	X(http, "RFC 9112", APP_STREAM | APP_DATAGRAM, 80, 8080, 3128, 8000, 8888, 631)         \
	X(dtls, "RFC 9147, RFC 6347", APP_DATAGRAM, 443, 4433, 5684)                            \
	X(ssdp, "UPnP Device Architecture 2.0", APP_DATAGRAM, 1900)
/* clang-format on */

#define X(name, ...) enum app_status app_##name(const struct app_input *in, const struct app_sink *sink);
APP_ROWS(X)
#undef X

#endif
