/* SPDX-License-Identifier: MIT
 *
 * Paths as the runtimes write them: from their documentation and from machines that run them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bpf/container.h"

#define ID		"4f1c8ad9e2b37c6f0a5d4e3b2c1a09f8e7d6c5b4a3928170f6e5d4c3b2a19081"
#define UID_		"7c3a1f0e-5b2d-4c8e-9f1a-0123456789ab"
#define UID_UNDERSCORES "7c3a1f0e_5b2d_4c8e_9f1a_0123456789ab"

static const struct {
	const char *path, *name, *pod;
} rows[] = {
	{"/docker/" ID, "docker:4f1c8ad9e2b3", ""},
	{"/system.slice/docker-" ID ".scope", "docker:4f1c8ad9e2b3", ""},
	{"/system.slice/docker-" ID ".scope/init.scope", "docker:4f1c8ad9e2b3", ""},
	{"/machine.slice/libpod-" ID ".scope/container", "podman:4f1c8ad9e2b3", ""},
	{"/libpod_parent/libpod-" ID, "podman:4f1c8ad9e2b3", ""},
	{"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope",
	 "podman:4f1c8ad9e2b3", ""},
	{"/default/" ID, "containerd:4f1c8ad9e2b3", ""},
	{"/system.slice/nerdctl-" ID ".scope", "containerd:4f1c8ad9e2b3", ""},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_UNDERSCORES
	 ".slice/cri-containerd-" ID ".scope",
	 "containerd:4f1c8ad9e2b3", UID_},
	{"/kubepods.slice/kubepods-pod" UID_UNDERSCORES ".slice/crio-" ID ".scope",
	 "cri-o:4f1c8ad9e2b3", UID_},
	{"/kubepods/besteffort/pod" UID_ "/" ID, "kubernetes:4f1c8ad9e2b3", UID_},
	{"/system.slice/containerd.service/kubepods-burstable-pod" UID_UNDERSCORES
	 ".slice:cri-containerd:" ID,
	 "containerd:4f1c8ad9e2b3", UID_},
	{"/kubepods/pod" UID_, "", UID_},
	{"/docker/" ID "/docker/a"
	 "f1c8ad9e2b37c6f0a5d4e3b2c1a09f8e7d6c5b4a3928170f6e5d4c3b2a19081",
	 "docker:af1c8ad9e2b3", ""}, /* an engine in a container */
	{"/lxc.payload.web", "lxc:web", ""},
	{"/lxc/web", "lxc:web", ""},
};

static const char *const none[] = {
	"/",
	"",
	"/system.slice/docker.service",
	"/system.slice/ssh.service",
	"/machine.slice/libpod-conmon-" ID ".scope", /* the monitor is outside */
	"/system.slice/docker-4f1c8ad9.scope",
	"/system.slice/docker-" ID "0.scope",
	"/user.slice/" ID,
	"/podcast/tripod",
	"//",
};

static void test_runtimes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct container c;

		assert_true(container_of_cgroup(&c, rows[i].path));
		assert_string_equal(c.name, rows[i].name);
		assert_string_equal(c.pod, rows[i].pod);
	}
}

static void test_no_container(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct container c = {.name = "untouched"};

		assert_false(container_of_cgroup(&c, none[i]));
		assert_string_equal(c.name, "untouched");
	}
}

/* Names of cgroups are chosen by whoever makes them. */
static void test_every_cut(void **state)
{
	struct container c;
	char path[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t n = 0; n <= strlen(rows[i].path); n++) {
			memset(path, 'x', sizeof(path));
			memcpy(path, rows[i].path, n);
			path[n] = '\0';
			container_of_cgroup(&c, path);
		}
	}
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	memcpy(path, "/lxc/", 5);
	assert_true(container_of_cgroup(&c, path));
	assert_int_equal(strlen(c.name), sizeof(c.name) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runtimes),
		cmocka_unit_test(test_no_container),
		cmocka_unit_test(test_every_cut),
	};

	return cmocka_run_group_tests_name("bpf/container", tests, NULL, NULL);
}
