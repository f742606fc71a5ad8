/* SPDX-License-Identifier: MIT */
#include "cli/version.h"

#include "capture/version.h"

enum { NAMES_MAX = 64 };

void version_libraries(FILE *out)
{
	char packed[NAMES_MAX];

	capture_compressions(packed, sizeof(packed));
	fprintf(out, "built with %s, eBPF probe %s, compressed captures: %s, metrics over HTTP %s\n",
		capture_library_version(), SOCKLENS_BPF ? "(libbpf)" : "left out (BPF=0)", packed,
		SOCKLENS_HTTP ? "(libmicrohttpd)" : "left out (no libmicrohttpd)");
}

void version_print(FILE *out)
{
	fprintf(out, "socklens %s\n", SOCKLENS_VERSION);
	version_libraries(out);
}
