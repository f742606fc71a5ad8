/* SPDX-License-Identifier: MIT
 *
 * SMTP (RFC 5321, STARTTLS RFC 3207), POP3 (RFC 1939), IMAP (RFC 9051), NNTP (RFC 3977).
 */
#include "decode/app_dialogue.h"

enum app_status app_smtp(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const commands[] = {"EHLO ", "HELO ", "LHLO ", "MAIL FROM:", NULL};
	static const struct greeting greetings[] = {
		{"220", "SMTP"}, {"220", NULL}, {"554", "SMTP"}, {"421", "SMTP"}, {NULL, NULL}};
	static const char *const replies[] = {"250", NULL};
	static const struct dialogue d = {.id = APP_ID_smtp,
					  .commands = commands,
					  .greetings = greetings,
					  .replies = replies,
					  .may_start_tls = true};

	return dialogue(&d, in, sink);
}

enum app_status app_pop3(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const commands[] = {"CAPA", "APOP ", "STLS", "UIDL", NULL};
	static const char *const shared[] = {"USER ", "AUTH", "QUIT", "STAT", NULL};
	static const struct greeting greetings[] = {{"+OK", "POP"}, {"+OK", NULL}, {NULL, NULL}};
	static const char *const replies[] = {"+OK", "-ERR", NULL};
	static const struct dialogue d = {.id = APP_ID_pop3,
					  .commands = commands,
					  .shared = shared,
					  .greetings = greetings,
					  .replies = replies,
					  .may_start_tls = true};

	return dialogue(&d, in, sink);
}

enum app_status app_imap(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const commands[] = {
		"CAPABILITY", "STARTTLS", "AUTHENTICATE ", "LOGIN ", "ID (", "ID NIL", NULL};
	static const char *const shared[] = {"NOOP", "LOGOUT", "SELECT ", "UID ", "FETCH ", NULL};
	static const struct greeting greetings[] = {
		{"* OK", "IMAP"}, {"* OK", NULL}, {"* PREAUTH", "IMAP"}, {NULL, NULL}};
	static const char *const replies[] = {"* CAPABILITY", "* ID", "* BYE", NULL};
	static const struct dialogue d = {.id = APP_ID_imap,
					  .commands = commands,
					  .shared = shared,
					  .greetings = greetings,
					  .replies = replies,
					  .tagged = true,
					  .may_start_tls = true};

	return dialogue(&d, in, sink);
}

enum app_status app_nntp(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const commands[] = {"AUTHINFO ", "MODE READER", "XOVER ", "ARTICLE ",
					       NULL};
	static const char *const shared[] = {"GROUP ", "LIST", "CAPABILITIES", "HEAD ", NULL};
	static const struct greeting greetings[] = {{"200", "NNTP"}, {"201", "NNTP"},
						    {"200", "news"}, {"200", NULL},
						    {"201", NULL},   {NULL, NULL}};
	static const struct dialogue d = {.id = APP_ID_nntp,
					  .commands = commands,
					  .shared = shared,
					  .greetings = greetings,
					  .may_start_tls = true};

	return dialogue(&d, in, sink);
}
