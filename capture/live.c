/* SPDX-License-Identifier: MIT
 *
 * A live interface through libpcap.
 *
 * Never immediate mode: libpcap then uses TPACKET_V3, whose blocks cost a tenth of the CPU a packet
 * and lose nothing where immediate mode loses a third; the read timeout bounds how old a frame in
 * a block can get. The buffer is large because what it costs is memory and what it saves is
 * packets.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "capture/linktype.h"
#include "capture/source_ops.h"

enum { TIMEOUT_MS = 20 };

struct live_source {
	struct source base;
	pcap_t *pcap;
	struct source_interface interface;
	bool nanoseconds;
	/* libpcap's counters have 32 bits and wrap: the last reading, and the sums. */
	uint32_t last_drop, last_ifdrop;
	uint64_t drop, ifdrop;
};

/* --- errors ----------------------------------------------------------------------------------- */

static const struct {
	int status; /* of pcap_activate */
	int code;
	const char *what;
} activate_errors[] = {
	{PCAP_ERROR_NO_SUCH_DEVICE, -ENODEV,
	 "there is no such interface: `socklens list` names all"},
	{PCAP_ERROR_PERM_DENIED, -EPERM,
	 "no privilege to capture: run with sudo, or give the program CAP_NET_RAW"},
	{PCAP_ERROR_PROMISC_PERM_DENIED, -EPERM,
	 "no privilege for promiscuous mode: run with sudo, or without it"},
	{PCAP_ERROR_IFACE_NOT_UP, -ENETDOWN, "the interface is down: `ip link set dev NAME up`"},
};

enum { ACTIVATE_ERRORS = sizeof(activate_errors) / sizeof(activate_errors[0]) };

static int fail_pcap(struct live_source *l, int code, const char *doing, struct err *e)
{
	char text[PCAP_ERRBUF_SIZE];

	vis_str(text, sizeof(text), pcap_geterr(l->pcap), PCAP_ERRBUF_SIZE);
	return err_set(e, code, "%s: %s: %s", l->base.label, doing, text);
}

static int fail_activate(struct live_source *l, int status, struct err *e)
{
	for (size_t i = 0; i < ACTIVATE_ERRORS; i++) {
		if (activate_errors[i].status == status)
			return err_set(e, activate_errors[i].code, "cannot capture on %s: %s",
				       l->base.label, activate_errors[i].what);
	}
	return fail_pcap(l, -EIO, "cannot capture", e);
}

/* --- opening ---------------------------------------------------------------------------------- */

static uint32_t or_default(uint32_t v, uint32_t dflt)
{
	return v ? v : dflt;
}

static int activate(struct live_source *l, const struct source_live_options *o, struct err *e)
{
	uint32_t buffer = or_default(o->buffer_bytes, SOURCE_BUFFER_DEFAULT);
	int rc;

	l->interface.snaplen = or_default(o->snaplen, SOURCE_SNAPLEN_DEFAULT);
	if (buffer > INT32_MAX || l->interface.snaplen > INT32_MAX)
		return err_set(e, -EINVAL, "%s: buffer and snap length end at 2 GiB",
			       l->base.label);
	/* These fail only on a handle that is active already. */
	pcap_set_snaplen(l->pcap, (int)l->interface.snaplen);
	pcap_set_buffer_size(l->pcap, (int)buffer);
	pcap_set_promisc(l->pcap, o->promiscuous);
	pcap_set_timeout(l->pcap, TIMEOUT_MS);
	/* Not everywhere; what came of it is asked below. */
	pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO);
	rc = pcap_activate(l->pcap);
	if (rc < 0)
		return fail_activate(l, rc, e);
	l->nanoseconds = pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	return 0;
}

static int set_filter(struct live_source *l, const char *expression, struct err *e)
{
	struct bpf_program program;
	int rc;

	if (!expression)
		return 0;
	if (pcap_compile(l->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN))
		return err_set(e, -EINVAL, "wrong filter: %s (man 7 pcap-filter has the syntax)",
			       pcap_geterr(l->pcap));
	rc = pcap_setfilter(l->pcap, &program);
	pcap_freecode(&program);
	return rc ? fail_pcap(l, -EIO, "cannot set the filter", e) : 0;
}

static int open_handle(struct live_source *l, const struct source_live_options *o, struct err *e)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	int rc;

	l->pcap = pcap_create(o->interface, text);
	if (!l->pcap)
		return err_set(e, -EIO, "%s: %s", l->base.label, text);
	rc = activate(l, o, e);
	/* The second form of the cooked header names the interface of each frame of "any". */
	if (!rc && !strcmp(o->interface, "any"))
		pcap_set_datalink(l->pcap, DLT_LINUX_SLL2);
	if (!rc)
		rc = set_filter(l, o->filter, e);
	if (!rc && pcap_setnonblock(l->pcap, 1, text))
		rc = err_set(e, -EIO, "%s: %s", l->base.label, text);
	if (rc) {
		pcap_close(l->pcap);
		return rc;
	}
	l->interface.name = l->base.name;
	l->interface.linktype = linktype_from_dlt(pcap_datalink(l->pcap));
	return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct delivery {
	struct live_source *l;
	frames_fn fn;
	void *ctx;
};

/* One at a time: libpcap gives its ring block back as soon as it has gone through it. */
static void deliver(u_char *user, const struct pcap_pkthdr *h, const u_char *data)
{
	const struct delivery *d = (const struct delivery *)user;
	/* With nanosecond precision tv_usec holds nanoseconds. */
	int64_t fraction_ns = (int64_t)h->ts.tv_usec * (d->l->nanoseconds ? 1 : 1000);
	struct frame f = {
		.data = data,
		.time_ns = (int64_t)h->ts.tv_sec * 1000000000 + fraction_ns,
		.caplen = h->caplen,
		.wirelen = h->len,
		.linktype = d->l->interface.linktype,
	};

	d->l->base.frames++;
	d->fn(d->ctx, &f, 1);
}

static int live_read(struct source *s, unsigned budget, frames_fn fn, void *ctx, struct err *e)
{
	struct live_source *l = (struct live_source *)s;
	struct delivery d = {.l = l, .fn = fn, .ctx = ctx};
	int n = pcap_dispatch(l->pcap, budget > INT32_MAX ? INT32_MAX : (int)budget, deliver,
			      (u_char *)&d);

	assert(n != PCAP_ERROR_BREAK); /* nobody calls pcap_breakloop */
	return n >= 0 ? n : fail_pcap(l, -EIO, "capture ended", e);
}

static int live_fd(const struct source *s)
{
	return pcap_get_selectable_fd(((const struct live_source *)s)->pcap);
}

static const struct source_interface *live_interface(const struct source *s, uint16_t index)
{
	return index == 0 ? &((const struct live_source *)s)->interface : NULL;
}

/*
 * Only what was lost is taken from pcap_stats: its count of what was received is of no use, since
 * on loopback it holds every frame twice.
 */
static void live_loss(struct source *s, struct loss *out)
{
	struct live_source *l = (struct live_source *)s;
	struct pcap_stat st;

	if (!pcap_stats(l->pcap, &st)) {
		l->drop += (uint32_t)(st.ps_drop - l->last_drop);
		l->ifdrop += (uint32_t)(st.ps_ifdrop - l->last_ifdrop);
		l->last_drop = st.ps_drop;
		l->last_ifdrop = st.ps_ifdrop;
	}
	out->count[LOSS_KERNEL] += l->drop;
	out->count[LOSS_INTERFACE] += l->ifdrop;
}

static void live_free(struct source *s)
{
	struct live_source *l = (struct live_source *)s;

	pcap_close(l->pcap);
	source_done(s);
	free(l);
}

static const struct source_ops live_ops = {
	.live = true,
	.read = live_read,
	.fd = live_fd,
	.interface = live_interface,
	.loss = live_loss,
	.free = live_free,
};

int source_open_live(struct source **out, const struct source_live_options *o, struct err *e)
{
	struct live_source *l = calloc(1, sizeof(*l));
	int rc;

	if (!l || source_init(&l->base, &live_ops, o->interface)) {
		free(l);
		return err_set(e, -ENOMEM, "out of memory for the capture");
	}
	rc = open_handle(l, o, e);
	if (rc) {
		source_done(&l->base);
		free(l);
		return rc;
	}
	*out = &l->base;
	return 0;
}
