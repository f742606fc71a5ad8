/* SPDX-License-Identifier: MIT
 *
 * The pairs that differ, from https://www.tcpdump.org/linktypes.html and <pcap/dlt.h>.
 */
#include "capture/linktype.h"

#include <pcap/dlt.h>
#include <stddef.h>

static const struct {
	uint16_t linktype;
	int dlt;
} rows[] = {
	{100, DLT_ATM_RFC1483}, {101, DLT_RAW},	     {102, DLT_SLIP_BSDOS},
	{103, DLT_PPP_BSDOS},	{106, DLT_ATM_CLIP},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

uint16_t linktype_from_dlt(int dlt)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].dlt == dlt)
			return rows[i].linktype;
	}
	return (uint16_t)dlt;
}

int linktype_to_dlt(uint16_t linktype)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].linktype == linktype)
			return rows[i].dlt;
	}
	return linktype;
}
