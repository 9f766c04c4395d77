# Run by scripts/test inside scripts/cgroup2-host, where only the pure cgroup v2 layout exists. Each PASS or FAIL line is one test.
rootfs=/x/probe/rootfs
failed=0
original=$(find $rootfs | sort | cat - $rootfs/etc/group | md5sum)

pass() { echo "PASS $runtime: $1"; }
fail() { echo "FAIL $runtime: $1"; failed=1; }

run() { timeout 60 podspawn-oci run --runtime "$runtime" --rootfs $rootfs "$@" 2>/tmp/stderr; }

# expect NAME WANTED GIVEN
expect() {
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1: wanted '$2', was '$3'"; sed 's/^/  stderr: /' /tmp/stderr; fi
}

# Fails on anything that a launch has left behind.
state_of_host() {
  find /sys/fs/cgroup -type d | sort
  cut -d' ' -f2,3 /proc/mounts
  find /run/podspawn-oci/containers /var/lib/podspawn-oci/scratch/* -mindepth 1 -maxdepth 1 2>/dev/null | sort
  ps -o args | grep -E '^[^ ]*(runc|crun|runsc|podspawn-oci)' | sort
}

# wait_for SECONDS COMMAND...: until the command succeeds. By the clock, since each step takes long in an emulated machine.
wait_for() {
  deadline=$(($(date +%s) + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt $deadline ] || return 1
    sleep 0.2
  done
}

runtime=host
report=$(podspawn-oci doctor 2>/tmp/stderr)
status=$?
expect 'doctor finds what a launch needs, on the version 2 layout' \
  '0 version 2' "$status $(echo "$report" | sed -n 's/.* cgroup layout  *\(version 2\).*/\1/p')"

# A kernel without weights at the disks has no such file, and the flag is refused there.
weight=
for file in io.weight io.bfq.weight; do
  [ ! -e /sys/fs/cgroup/init/$file ] || weight='--blkio-weight 321'
done
podspawn-oci run --runtime runc --rootfs $rootfs --blkio-weight 321 -- true 2>/tmp/stderr
status=$?
if [ -n "$weight" ]; then wanted=0; else wanted=125; fi
expect 'a weight at the disks is the cgroup'"'"'s, or refused' $wanted $status

for runtime in runc crun runsc; do
  before=$(state_of_host)

  run -- sh -c 'exit 7'
  expect 'the exit status is that of the command' 7 $?
  run --cap-add NO_SUCH -- true
  expect 'what cannot be launched gives 125' 125 $?
  run -- /etc/passwd
  expect 'what cannot be executed gives 126' 126 $?
  run -- /no/such/program
  expect 'what is not there gives 127' 127 $?

  facts=$(run -- /probe/caps)
  sets=$(echo "$facts" | grep -E '^(effective|permitted|bounding|inheritable|ambient|no_new_privs) ' | tr '\n' ' ')
  expect 'the default config leaves six capabilities and no_new_privs' \
    'inheritable 0x0 permitted 0x4cb effective 0x4cb bounding 0x4cb ambient 0x0 no_new_privs 1 ' "$sets"
  # gVisor's kernel answers the container's calls itself, and installs no filter inside.
  [ $runtime = runsc ] || expect 'a seccomp filter is active' 'seccomp 2' "$(echo "$facts" | grep '^seccomp ')"

  expect 'a limit of 32 processes is exact, and the container outlives it' \
    'created 31 errno EAGAIN alive yes ' "$(run --pids-limit 32 -- /probe/forks 64 | tr '\n' ' ')"

  expect 'a read-only root refuses to be written' '/ EROFS' "$(run --read-only -- /probe/writable | grep '^/ ')"
  expect 'a tmpfs on a read-only root holds exactly its size' \
    'bytes 1048576 errno ENOSPC ' "$(run --read-only --tmpfs /tmp:size=1m -- /probe/fill /tmp | tr '\n' ' ')"

  written=$(run -- sh -c 'rm /bin/ls; touch /new; echo changed >/etc/group; cat /etc/group')
  expect 'the container may write to its root, and what it wrote is discarded' \
    "changed $original" "$written $(find $rootfs | sort | cat - $rootfs/etc/group | md5sum)"

  # shellcheck disable=SC2086
  podspawn-oci run --runtime "$runtime" --rootfs $rootfs --name limited --memory 96m --cpus 0.5 --memory-swap 128m --memory-reservation 32m --cpu-shares 512 \
    --cpuset-cpus 0 --cpuset-mems 0 --oom-score-adj 300 $weight -- sleep 300 2>/tmp/stderr &
  launcher=$!
  wait_for 40 test -s /run/podspawn-oci/names/limited
  group=/sys/fs/cgroup/podspawn-oci-$(cat /run/podspawn-oci/names/limited)-$(cut -d' ' -f1 /run/podspawn-oci/identity)
  wait_for 40 grep -x 100663296 $group/memory.max
  expect 'memory and cpus become limits of the cgroup that has its id' \
    '100663296, 50000 100000' "$(cat $group/memory.max 2>/dev/null), $(cat $group/cpu.max 2>/dev/null)"
  expect 'swap, the soft limit, the weight and the processors become limits of it too' '33554432 33554432 20 0 0 ' \
    "$(cd $group && cat memory.swap.max memory.low cpu.weight cpuset.cpus cpuset.mems 2>/dev/null | tr '\n' ' ')"
  expect 'verify finds them' 0 "$(timeout 60 podspawn-oci verify --only memory,cpus,disks limited >/tmp/stderr 2>&1; echo $?)"

  settled() { [ "$before" = "$(state_of_host)" ]; }
  if settled; then running=no; else running=yes; fi
  kill -KILL $launcher 2>/dev/null
  wait $launcher 2>/dev/null
  podspawn-oci doctor >/dev/null 2>&1
  if wait_for 30 settled; then left=nothing; else left=something; fi
  expect 'after a SIGKILL, the next command leaves nothing of the running container' 'yes nothing' "$running $left"
  if [ $left = something ]; then
    state_of_host >/tmp/after
    echo "$before" | diff - /tmp/after | grep '^[+<>-]'
  fi
done
exit $failed
