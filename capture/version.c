/* SPDX-License-Identifier: MIT */
#include "capture/version.h"

#include <pcap/pcap.h>

#include "capture/unpack.h"

const char *capture_library_version(void)
{
	return pcap_lib_version();
}

void capture_compressions(char *out, size_t cap)
{
	unpack_names(out, cap);
}
