/* SPDX-License-Identifier: MIT */
#include "cli/version.h"

#include "capture/version.h"

void version_libraries(FILE *out)
{
	fprintf(out, "built with %s, eBPF probe %s\n", capture_library_version(),
		SOCKLENS_BPF ? "(libbpf)" : "left out (BPF=0)");
}

void version_print(FILE *out)
{
	fprintf(out, "socklens %s\n", SOCKLENS_VERSION);
	version_libraries(out);
}
