/* SPDX-License-Identifier: MIT */
#include "capture/version.h"

#include <pcap/pcap.h>

const char *capture_library_version(void)
{
	return pcap_lib_version();
}
