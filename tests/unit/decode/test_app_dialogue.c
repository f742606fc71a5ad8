/* SPDX-License-Identifier: MIT
 *
 * Protocols of lines: which they are, and the TLS that some of them agree on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/app_run.h"
#include "unit/decode/app_samples.h"

enum { NO_PORT = 40001 };

static enum app_status status(app_fn fn, uint16_t port, const char *text, bool final)
{
	struct app_input in = {.final = final, .port = {40000, port}};

	return app_run(fn, in, text, strlen(text)).status;
}

/* Each side, up to and with the hello that follows the agreement. */
static const struct upgrade {
	app_fn fn;
	uint16_t port;
	const char *text, *hello, *facts;
} upgrades[] = {
	{app_smtp, NO_PORT, "EHLO a.example\r\nSTARTTLS\r\n", RFC8448_CLIENT, RFC8448_FACTS},
	{app_smtp, NO_PORT, "220 b ESMTP\r\n250-b\r\n250 STARTTLS\r\n220 go\r\n", RFC8448_SERVER,
	 "tls.version=TLSv1.3\n"},
	{app_imap, NO_PORT, "a CAPABILITY\r\nb STARTTLS\r\n", RFC8448_CLIENT, RFC8448_FACTS},
	{app_pop3, NO_PORT, "CAPA\r\nSTLS\r\n", RFC8448_CLIENT, RFC8448_FACTS},
	{app_ftp, NO_PORT, "AUTH TLS\r\n", RFC8448_CLIENT, RFC8448_FACTS},
	{app_irc, NO_PORT, "STARTTLS\r\n", RFC8448_CLIENT, RFC8448_FACTS},
	{app_nntp, 119, "CAPABILITIES\r\nSTARTTLS\r\n", RFC8448_CLIENT, RFC8448_FACTS},
};

static void tls_is_found_behind_the_agreement(void **state)
{
	uint8_t bytes[1024];

	(void)state;
	for (unsigned i = 0; i < sizeof(upgrades) / sizeof(upgrades[0]); i++) {
		const struct upgrade *u = &upgrades[i];
		struct app_input in = {.port = {40000, u->port}};
		size_t plain = strlen(u->text), len;
		struct app_run r;

		memcpy(bytes, u->text, plain);
		len = plain + app_unhex(bytes + plain, sizeof(bytes) - plain, u->hello);
		r = app_run(u->fn, in, bytes, len);
		assert_int_equal(r.status, APP_DONE);
		assert_string_equal(r.facts, u->facts);
		for (size_t n = 0; n < len; n++)
			assert_int_equal(app_run(u->fn, in, bytes, n).status, APP_MORE);
	}
}

static void ldap_goes_on_with_tls(void **state)
{
	uint8_t bytes[1024];
	size_t len = app_unhex(
		bytes, sizeof(bytes),
		"301d020101 7718 8016 312e332e362e312e342e312e313436362e3230303337" RFC8448_CLIENT);
	struct app_run r = app_run(app_ldap, (struct app_input){.final = false}, bytes, len);

	(void)state;
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, RFC8448_FACTS);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(
			app_run(app_ldap, (struct app_input){.final = false}, bytes, n).status,
			APP_MORE);
}

/* "220 " greets for both; the next reply, or the port, tells which. */
static void greetings_that_others_have(void **state)
{
	(void)state;
	assert_int_equal(status(app_smtp, NO_PORT, "220 hello\r\n", false), APP_MORE);
	assert_int_equal(status(app_ftp, NO_PORT, "220 hello\r\n", false), APP_MORE);
	assert_int_equal(status(app_smtp, NO_PORT, "220 hello\r\n", true), APP_NO);
	assert_int_equal(status(app_smtp, 25, "220 hello\r\n", true), APP_DONE);
	assert_int_equal(status(app_ftp, 21, "220 hello\r\n", true), APP_DONE);
	assert_int_equal(status(app_smtp, NO_PORT, "220 hello\r\n250 ok\r\n", true), APP_DONE);
	assert_int_equal(status(app_ftp, NO_PORT, "220 hello\r\n250 ok\r\n", true), APP_NO);
	assert_int_equal(status(app_ftp, NO_PORT, "220 hello\r\n331 password\r\n", true), APP_DONE);
	assert_int_equal(status(app_smtp, NO_PORT, "220 hello\r\n331 password\r\n", true), APP_NO);
	assert_int_equal(status(app_smtp, 25, "220 ftp.example FTP server\r\n", true), APP_DONE);
}

static void commands_that_others_have(void **state)
{
	(void)state;
	assert_int_equal(status(app_pop3, 110, "USER a\r\n", true), APP_DONE);
	assert_int_equal(status(app_pop3, NO_PORT, "USER a\r\n", true), APP_NO);
	assert_int_equal(status(app_pop3, NO_PORT, "CAPA\r\n", true), APP_DONE);
	assert_int_equal(status(app_pop3, NO_PORT, "CAPABILITIES\r\n", true), APP_NO);
	assert_int_equal(status(app_ftp, NO_PORT, "USER anonymous\r\n", true), APP_DONE);
	assert_int_equal(status(app_imap, NO_PORT, "x CAPABILITY\r\n", true), APP_DONE);
	assert_int_equal(status(app_imap, NO_PORT, "CAPABILITY\r\n", true), APP_NO);
	assert_int_equal(status(app_imap, NO_PORT, "* OK IMAP4rev1\r\n", true), APP_DONE);
	assert_int_equal(status(app_irc, NO_PORT, ":srv NOTICE AUTH :hi\r\n", true), APP_DONE);
	assert_int_equal(status(app_irc, NO_PORT, ":srv says hi\r\n", true), APP_NO);
}

/* A dialogue that stays plain ends the search. */
static void plain_dialogues_end(void **state)
{
	char text[1024] = "EHLO a\r\n";

	(void)state;
	assert_int_equal(status(app_smtp, 25, text, false), APP_MORE);
	assert_int_equal(status(app_smtp, 25, text, true), APP_DONE);
	for (unsigned i = 0; i < 40; i++)
		strcat(text, "RSET\r\n");
	assert_int_equal(status(app_smtp, 25, text, false), APP_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls_is_found_behind_the_agreement),
		cmocka_unit_test(ldap_goes_on_with_tls),
		cmocka_unit_test(greetings_that_others_have),
		cmocka_unit_test(commands_that_others_have),
		cmocka_unit_test(plain_dialogues_end),
	};

	app_parsers_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
