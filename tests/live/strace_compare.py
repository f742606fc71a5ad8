"""Are the lines of socklens trace those of strace -f -e trace=%network of the same run?

Usage: strace_compare.py STRACE TRACE. Both are brought to one notation: addresses short, buffers as "...",
messages without their content. Threads may be told of in either order, so each thread is compared alone.
"""
import re
import sys

NETWORK = set("""socket socketpair bind listen connect accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg
recvmmsg shutdown setsockopt getsockopt getsockname getpeername""".split())


def address(text):
    text = re.sub(r'\{sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)\}', r"\2:\1", text)
    text = re.sub(r'\{sa_family=AF_INET6, sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)".*?\}',
                  lambda m: f"{m[2][7:]}:{m[1]}" if m[2].startswith("::ffff:") else f"[{m[2]}]:{m[1]}", text)
    text = re.sub(r'\{sa_family=AF_UNIX, sun_path=(@?)"([^"]*)"\}', r"unix:\1\2", text)
    text = text.replace("{sa_family=AF_UNIX}", "unix:")
    return re.sub(r"\{sa_family=AF_NETLINK, (?:nl_pad=\w+, )?nl_pid=(\d+), nl_groups=0*(\d+)\}", r"netlink:pid \1 groups 0x\2", text)


def normal(call, args, result):
    args = address(args)
    args = re.sub(r"\{l_onoff=(\d+), l_linger=(\d+)\}", r"[\1, \2]", args)
    args = re.sub(r"\[\d+ => (\d+)\]", r"[\1]", args)
    if call.endswith("msg"):  # the message itself has a notation of its own
        args = re.sub(r"\{.*\}", "{}", args)
    args = re.sub(r'"[^"]*"(\.\.\.)?', "...", args)
    args = re.sub(r"0x[0-9a-f]{6,}", "...", args)
    return f"{call}({args}) = {result}"


def of_strace(path):
    threads, halves = {}, {}
    for line in open(path, errors="replace"):
        thread, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            halves[thread] = rest[: -len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
        if resumed:
            rest = halves.pop(thread) + " " + resumed[1].lstrip()
            rest = rest.replace(" )", ")")  # nothing was left to say of the arguments
        m = re.match(r"(\w+)\((.*)\)\s+= (-?\d+(?: E\w+)?)", rest)
        if m and m[1] in NETWORK:
            threads.setdefault(thread, []).append(normal(*m.groups()))
    return threads


def of_trace(path):
    threads = {}
    for line in open(path):
        m = re.match(r"\S+ \S+\[(\d+)(?:/(\d+))?\] (\w+)\((.*?)\) = (-?\d+(?: E\w+)?) <", line)
        if m and m[3] in NETWORK:
            threads.setdefault(m[2] or m[1], []).append(normal(m[3], m[4], m[5]))
    return threads


def main():
    theirs, ours = of_strace(sys.argv[1]), of_trace(sys.argv[2])
    calls = bad = 0
    for thread in sorted(set(theirs) | set(ours)):
        a, b = theirs.get(thread, []), ours.get(thread, [])
        calls += len(a)
        for i in range(max(len(a), len(b))):
            x, y = (a[i] if i < len(a) else "nothing"), (b[i] if i < len(b) else "nothing")
            if x != y:
                bad += 1
                print(f"strace: {x}\ntrace:  {y}")
    print(f"{calls} calls of {len(theirs)} threads, {bad} differ")
    sys.exit(bad > 0 or calls < 30)


main()
