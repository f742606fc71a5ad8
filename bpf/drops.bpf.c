/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * Packets that the kernel threw away, counted by socket and reason (enum skb_drop_reason). Never a
 * record a packet: a flood must not become a flood of records.
 *
 * The receiving socket is told from Linux 6.12 on; before that, only the sender of a packet is
 * known.
 */
#include "bpf/sock.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, DROPS_MAX);
	__type(key, struct drop_key);
	__type(value, struct drop_count);
} drops SEC(".maps");

/* Runs wherever a packet dies: the socket may be a small one, or on its way out. It is only read.
 */
static __always_inline void count_drop(const struct sock *sk, __u32 reason, bool sent)
{
	struct probe_control *c = control_get();
	struct drop_key key = {.reason = reason, .sent = sent};
	struct drop_count zero = {}, *count;

	if (!c || !is_followed(BPF_CORE_READ(sk, __sk_common.skc_family)))
		return;
	key.cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	if (!key.cookie || !entry_get(key.cookie))
		return;
	bpf_map_update_elem(&drops, &key, &zero, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&drops, &key);
	if (!count)
		return;
	__sync_fetch_and_add(&count->packets, 1);
	count->epoch = c->epoch;
}

/* kfree_skb(skb, where, reason, receiver) */
SEC("tp_btf/kfree_skb")
int skb_dropped(__u64 *ctx)
{
	const struct sk_buff *skb = (const struct sk_buff *)ctx[0];
	const struct sock *sk = (const struct sock *)ctx[3], *from;

	if (sk) {
		count_drop(sk, ctx[2], false);
		return 0;
	}
	from = BPF_CORE_READ(skb, sk);
	if (from)
		count_drop(from, ctx[2], true);
	return 0;
}
