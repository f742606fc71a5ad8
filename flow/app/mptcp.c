/* SPDX-License-Identifier: MIT */
#include "flow/app/mptcp.h"

#include <endian.h>
#include <gcrypt.h>
#include <string.h>

#include "flow/table_private.h"

enum { SHA1_BYTES = 20, SHA256_BYTES = 32 };

uint32_t mptcp_token_of_key(uint64_t key, uint8_t version)
{
	uint8_t digest[SHA256_BYTES];
	uint64_t key_be = htobe64(key);
	uint32_t token_be;

	_Static_assert(SHA1_BYTES <= SHA256_BYTES, "the digest holds both");
	gcry_md_hash_buffer(version ? GCRY_MD_SHA256 : GCRY_MD_SHA1, digest, &key_be,
			    sizeof(key_be));
	memcpy(&token_be, digest, sizeof(token_be));
	return be32toh(token_be);
}

void mptcp_segment(struct flow_table *t, struct flow *f, const struct packet *p)
{
	struct flow_rare *r = flow_rare_of(t, f);

	if (p->tcp.mptcp_has_key) {
		uint32_t token = mptcp_token_of_key(p->tcp.mptcp_key, p->tcp.mptcp_version);

		tokens_note(&t->mptcp, token, flow_id(t, f));
		/* Joins name the responder: its token is what others will show. */
		if (!r->mptcp_has_token || (p->tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
			r->mptcp_token = token;
	} else {
		r->mptcp_token = p->tcp.mptcp_token;
		r->mptcp_parent = tokens_find(&t->mptcp, p->tcp.mptcp_token);
	}
	r->mptcp_has_token = true;
}
