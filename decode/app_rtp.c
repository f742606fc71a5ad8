/* SPDX-License-Identifier: MIT
 *
 * RTP and RTCP (RFC 3550) by one datagram: RTP only on its own port, as a header proves little
 * (struct rtp_track finds the streams); RTCP anywhere, when it begins with a report or a goodbye
 * and its lengths add up.
 */
#include "decode/app_rows.h"
#include "decode/rtp.h"

enum app_status app_rtp(const struct app_input *in, const struct app_sink *sink)
{
	struct rtp_header h;

	(void)sink;
	return rtp_parse(in->data, &h) ? APP_DONE : APP_NO;
}

enum app_status app_rtcp(const struct app_input *in, const struct app_sink *sink)
{
	struct rtcp r;

	(void)sink;
	if (!rtcp_parse(in->data, &r))
		return APP_NO;
	return r.type >= RTCP_SR && r.type <= RTCP_BYE ? APP_DONE : APP_NO;
}
