/* SPDX-License-Identifier: MIT */
#include "cli/privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/fmt.h"

static const char *const fallback_user = "nobody";

const struct passwd *privileges_caller(void)
{
	const char *text = getenv("SUDO_UID");
	uint64_t uid;

	if (!text || !parse_u64(&uid, text, UINT32_MAX - 1) || uid == 0)
		return NULL;
	return getpwuid((uid_t)uid);
}

/* The person behind sudo, so that files written later are theirs. */
static const struct passwd *target_user(const char *name)
{
	const struct passwd *pw = name ? NULL : privileges_caller();

	return pw ? pw : getpwnam(name ? name : fallback_user);
}

static int become(const struct passwd *pw, struct err *e)
{
	if (setgroups(0, NULL) < 0 || setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0)
		return err_set(e, -errno, "cannot become user %s: %s", pw->pw_name, strerror(errno));
	return 0;
}

static int drop_capabilities(struct err *e)
{
	capng_clear(CAPNG_SELECT_BOTH);
	/* Without CAP_SETPCAP the bounding set stays, and no-new-privileges makes it harmless. */
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return err_set(e, -EPERM, "cannot drop capabilities");
	return 0;
}

int privileges_drop(const char *user, struct err *e)
{
	int status = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot set no-new-privileges: %s", strerror(errno));
	if (geteuid() == 0) {
		const struct passwd *pw = target_user(user);

		if (!pw)
			return err_set(e, -ENOENT, "-Z: there is no user %s",
				       user ? user : fallback_user);
		/* The bounding set can only be emptied while we still hold CAP_SETPCAP. */
		capng_clear(CAPNG_SELECT_BOUNDS);
		if (capng_apply(CAPNG_SELECT_BOUNDS) < 0)
			return err_set(e, -EPERM, "cannot empty the capability bounding set");
		status = become(pw, e);
	} else if (user) {
		return err_set(e, -EPERM, "-Z %s: only root can change the user", user);
	}
	return status ? status : drop_capabilities(e);
}
