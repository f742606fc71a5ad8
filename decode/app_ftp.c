/* SPDX-License-Identifier: MIT
 *
 * FTP control (RFC 959, AUTH TLS RFC 4217) and IRC (RFC 2812).
 */
#include "decode/app_dialogue.h"

enum app_status app_ftp(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const commands[] = {"AUTH TLS", "AUTH SSL",	     "FEAT", "PASV",
					       "EPSV",	   "USER anonymous", NULL};
	static const char *const shared[] = {"USER ", "AUTH ", "SYST", "OPTS ",
					     "PASS ", "HOST ", "QUIT", NULL};
	static const struct greeting greetings[] = {{"220", "FTP"}, {"220", NULL}, {NULL, NULL}};
	static const char *const replies[] = {"331", "230", "234", "530", NULL};
	static const struct dialogue d = {.id = APP_ID_ftp,
					  .commands = commands,
					  .shared = shared,
					  .greetings = greetings,
					  .replies = replies,
					  .may_start_tls = true};

	return dialogue(&d, in, sink);
}

enum app_status app_irc(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const commands[] = {"NICK ",	 "CAP LS",   "CAP REQ", "PRIVMSG ",
					       "JOIN #", "STARTTLS", NULL};
	static const char *const shared[] = {"USER ", "PASS ", "PING ", "PONG ", "JOIN ", NULL};
	static const struct greeting greetings[] = {
		{":", " NOTICE "},   {":", " 001 "}, {":", " PRIVMSG "},
		{":", " 020 "},	     {":", " CAP "}, {"NOTICE AUTH :", ""},
		{"ERROR :", "Link"}, {":", NULL},    {NULL, NULL}};
	static const struct dialogue d = {.id = APP_ID_irc,
					  .commands = commands,
					  .shared = shared,
					  .greetings = greetings,
					  .may_start_tls = true};

	return dialogue(&d, in, sink);
}
