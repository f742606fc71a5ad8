/* SPDX-License-Identifier: MIT */
#include "capture/file_filter.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "capture/linktype.h"

enum { LINKTYPES_MAX = 64 };

struct program {
	uint16_t linktype;
	struct bpf_program bpf;
};

struct file_filter {
	char *expression;
	unsigned count;
	struct program programs[LINKTYPES_MAX];
};

struct file_filter *file_filter_new(const char *expression)
{
	struct file_filter *ff = calloc(1, sizeof(*ff));

	if (!ff)
		return NULL;
	ff->expression = strdup(expression);
	if (!ff->expression) {
		free(ff);
		return NULL;
	}
	return ff;
}

void file_filter_free(struct file_filter *ff)
{
	if (!ff)
		return;
	for (unsigned i = 0; i < ff->count; i++)
		pcap_freecode(&ff->programs[i].bpf);
	free(ff->expression);
	free(ff);
}

const char *file_filter_text(const struct file_filter *ff)
{
	return ff->expression;
}

static const struct program *find(const struct file_filter *ff, uint16_t linktype)
{
	for (unsigned i = 0; i < ff->count; i++) {
		if (ff->programs[i].linktype == linktype)
			return &ff->programs[i];
	}
	return NULL;
}

int file_filter_compile(struct file_filter *ff, uint16_t linktype, struct err *e)
{
	struct program *p = &ff->programs[ff->count];
	int rc = 0;
	pcap_t *dead;

	if (find(ff, linktype))
		return 0;
	if (ff->count == LINKTYPES_MAX)
		return err_set(e, -EINVAL, "a filter works on at most %d link types in one file",
			       LINKTYPES_MAX);
	dead = pcap_open_dead(linktype_to_dlt(linktype), SOURCE_SNAPLEN_DEFAULT);
	if (!dead)
		return err_set(e, -ENOMEM, "out of memory for the filter");
	if (pcap_compile(dead, &p->bpf, ff->expression, 1, PCAP_NETMASK_UNKNOWN)) {
		rc = err_set(e, -EINVAL, "wrong filter: %s (man 7 pcap-filter has the syntax)",
			     pcap_geterr(dead));
	} else {
		p->linktype = linktype;
		ff->count++;
	}
	pcap_close(dead);
	return rc;
}

static bool passes(const struct program *p, const struct frame *f)
{
	struct pcap_pkthdr h = {.caplen = f->caplen, .len = f->wirelen};

	return pcap_offline_filter(&p->bpf, &h, f->data) != 0;
}

int file_filter_run(struct file_filter *ff, struct frame *frames, unsigned n, struct err *e)
{
	const struct program *p = NULL;
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!p || p->linktype != frames[i].linktype)
			p = find(ff, frames[i].linktype);
		if (!p) {
			int rc = file_filter_compile(ff, frames[i].linktype, e);

			if (rc)
				return rc;
			p = find(ff, frames[i].linktype);
		}
		if (passes(p, &frames[i]))
			frames[kept++] = frames[i];
	}
	return (int)kept;
}
