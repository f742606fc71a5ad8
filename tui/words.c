/* SPDX-License-Identifier: MIT */
#include "tui/words.h"

#include <stddef.h>
#include <string.h>

static const struct state_word tcp_states[] = {
	{"S0", "no reply", "asked, never answered", STYLE_WARN},
	{"S1", "open", "established, not ended", STYLE_GOOD},
	{"SF", "done", "established and ended by both", STYLE_NORMAL},
	{"REJ", "refused", "the responder refused the connection", STYLE_BAD},
	{"S2", "closing", "the originator has closed, the responder has not", STYLE_NORMAL},
	{"S3", "closing", "the responder has closed, the originator has not", STYLE_NORMAL},
	{"RSTO", "reset", "established, then reset by the originator", STYLE_BAD},
	{"RSTR", "reset", "established, then reset by the responder", STYLE_BAD},
	{"RSTOS0", "reset", "the originator asked, then reset; no answer was seen", STYLE_BAD},
	{"RSTRH", "reset", "the responder answered, then reset; the question was not seen",
	 STYLE_BAD},
	{"SH", "half", "the originator asked and closed; no answer was seen", STYLE_WARN},
	{"SHR", "half", "the responder answered and closed; the question was not seen", STYLE_WARN},
	{"OTH", "midway", "it was under way before capture began", STYLE_NORMAL},
};

/* Without connections the codes say who has been heard. */
static const struct state_word datagram_states[] = {
	{"S0", "one-way", "only the originator has sent", STYLE_WARN},
	{"SHR", "one-way", "only the responder has sent", STYLE_WARN},
	{"SF", "two-way", "both have sent", STYLE_GOOD},
};

static const struct state_word *find(const struct state_word *words, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(words[i].code, code))
			return &words[i];
	}
	return NULL;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct state_word *state_word(uint8_t proto, const char *code)
{
	return proto == PROTO_TCP ? find(tcp_states, COUNT(tcp_states), code)
				  : find(datagram_states, COUNT(datagram_states), code);
}

static const struct {
	const char *word, *help;
} reasons[] = {
	[UNBOUND_NONE] = {"", ""},
	[UNBOUND_NO_PROBE] = {"no probe", "frames only: no probe was running"},
	[UNBOUND_PENDING] = {"pending", "just seen: the process may still be found"},
	[UNBOUND_REMOTE] = {"remote", "the address is not of this machine"},
	[UNBOUND_NO_SOCKET] = {"no socket", "a local address, but no socket was seen"},
	[UNBOUND_NO_OWNER] = {"no owner", "the socket is known, but no process used it"},
	[UNBOUND_AMBIGUOUS] = {"ambiguous", "sockets of several namespaces have these addresses"},
	[UNBOUND_LOST] = {"lost", "socket events were lost meanwhile"},
	[UNBOUND_NO_PORTS] = {"no ports", "not a protocol of ports"},
};

const char *reason_word(uint8_t reason)
{
	return reason < COUNT(reasons) && reasons[reason].word ? reasons[reason].word : "?";
}

const char *reason_help(uint8_t reason)
{
	return reason < COUNT(reasons) && reasons[reason].help ? reasons[reason].help : "";
}
