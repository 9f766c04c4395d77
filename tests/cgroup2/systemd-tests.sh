# Run by systemd as a service, on a host that it has booted. Each PASS or FAIL line is one test.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
rootfs=/srv/root
slice=/sys/fs/cgroup/system.slice

# expect NAME WANTED GIVEN
expect() {
  if [ "$2" = "$3" ]; then echo "PASS systemd $runtime: $1"; else echo "FAIL systemd $runtime: $1: wanted '$2', was '$3'"; sed 's/^/  stderr: /' /tmp/stderr; fi
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
  deadline=$(($(date +%s) + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt $deadline ] || return 1
    sleep 0.2
  done
}

podspawn() { timeout 100 podspawn-oci "$@" 2>/tmp/stderr; }
scopes() { systemctl list-units --type=scope --no-pager --plain --no-legend | grep -c '^podspawn-oci-'; }
none_left() { [ "$(scopes)" = 0 ] && ! find /sys/fs/cgroup -name 'podspawn-oci-*' | grep -q .; }
left() { wait_for 20 none_left && echo nothing || { systemctl list-units --type=scope --no-pager --plain --no-legend; find /sys/fs/cgroup -name 'podspawn-oci-*'; }; }
limits() { (cd "$1" && echo "$(cat pids.max) $(cat memory.max) $(cat cpu.max)"); }

for runtime in runc crun; do
  expect 'a command runs, with the exit status its own' 7 "$(podspawn run --runtime $runtime --rootfs $rootfs -- sh -c 'exit 7'; echo $?)"
  expect 'nothing is left of it' nothing "$(left)"

  id=$(podspawn run -d --runtime $runtime --name box --pids-limit 77 --memory 256m --rootfs $rootfs -- sleep 600)
  unit=podspawn-oci-$id-$(cut -d' ' -f1 /run/podspawn-oci/identity).scope
  scope=$slice/$unit
  expect 'a container is a scope of systemd' active "$(systemctl is-active "$unit")"
  limited=$scope
  [ ! -d "$scope/container" ] || limited=$scope/container
  expect 'the cgroup has its limits' '77 268435456 200000 100000' "$(limits $limited)"
  systemctl daemon-reload
  expect 'it keeps them when systemd reads its units anew' '77 268435456 200000 100000' "$(limits $limited)"
  expect 'verify finds them' 0 "$(podspawn verify --only pids_limit,memory,cpus box >/dev/null; echo $?)"
  expect 'stats finds them' '1 77' "$(podspawn stats --no-stream box | sed -nE '2s/.* ([0-9]+) +([0-9]+)$/\1 \2/p')"
  expect 'top finds its process' 'sleep 600' "$(podspawn top box -eo pid,args | sed -nE '2s/^[0-9]+ +//p')"
  expect 'it can be paused and go on' 'paused running' \
    "$(podspawn pause box >/dev/null; podspawn ps --format json | grep -o '"State": "[a-z]*' | cut -d'"' -f4) $(podspawn unpause box >/dev/null; podspawn ps --format json | grep -o '"State": "[a-z]*' | cut -d'"' -f4)"
  podspawn update --pids-limit 33 --memory 128m --cpus 0.5 box >/dev/null
  expect 'it can be updated' '33 134217728 50000 100000' "$(limits $limited)"
  expect 'verify finds the new limits' 0 "$(podspawn verify --only pids_limit,memory,cpus box >/dev/null; echo $?)"
  podspawn stop --time 1 box >/dev/null
  expect 'nothing is left of one that ended' nothing "$(left)"
  podspawn rm box >/dev/null

  podspawn-oci run --runtime $runtime --name lost --rootfs $rootfs -- sleep 600 2>/dev/null &
  launcher=$!
  wait_for 60 test -s /run/podspawn-oci/containers/lost/pid
  kill -9 $launcher
  podspawn ps >/dev/null
  expect 'nothing is left of one whose launcher was killed' nothing "$(left)"
done

runtime=units
podspawn create --name web --runtime crun --stop-timeout 20 --rootfs $rootfs -- sh -c 'trap "exit 0" TERM; echo "serving $1"; while :; do sleep 1; done' sh '100% of $HOME; "x"' >/dev/null
podspawn generate systemd web >/etc/systemd/system/podspawn-oci-web.service
systemctl daemon-reload
systemctl start podspawn-oci-web.service
served() { [ "$(journalctl -q -o cat -t podspawn-oci-web | grep -c ^serving)" = "$1" ]; }
expect 'the unit runs the container' active "$(wait_for 60 sh -c 'podspawn-oci ps | grep -q "web$"'; systemctl is-active podspawn-oci-web.service)"
expect 'its output is in the journal' 'serving 100% of $HOME; "x"' \
  "$(wait_for 60 served 1; journalctl -q -o cat -t podspawn-oci-web | grep -m 1 ^serving)"
first=$(systemctl show -P MainPID podspawn-oci-web.service)
[ "$first" -gt 1 ] && kill -9 "$first"
expect 'systemd starts it again after a failure' 0 "$(wait_for 60 served 2; echo $?)"
systemctl stop podspawn-oci-web.service
expect 'a stop is no failure' inactive "$(systemctl is-active podspawn-oci-web.service)"
rm /etc/systemd/system/podspawn-oci-web.service
expect 'nothing is left of it' nothing "$(left)"

runtime=health
health() { podspawn inspect --format '{{.State.Health.Status}}' well; }
becomes() { [ "$(health)" = "$1" ]; }
id=$(podspawn run -d --name well --runtime crun --health-interval 2s --health-retries 1 --health-cmd 'test -e /well' --rootfs $rootfs -- sleep 600)
timer=podspawn-oci-health-$id.timer
expect 'a container with a healthcheck has a timer' active "$(systemctl is-active "$timer")"
expect 'the launch has no note that nobody asks' 0 "$(grep -c 'note: healthcheck' /tmp/stderr)"
expect 'the timer finds it ill' unhealthy "$(wait_for 90 becomes unhealthy; health)"
podspawn exec well touch /well
expect 'and well again' healthy "$(wait_for 90 becomes healthy; health)"
expect 'ps says so' 1 "$(podspawn ps | grep -c '(healthy)')"
podspawn restart --time 1 well >/dev/null
expect 'the timer goes on with another start' 'active healthy' "$(systemctl is-active "$timer") $(wait_for 90 becomes healthy; health)"
podspawn stop --time 1 well >/dev/null
expect 'a stop ends the timer' inactive "$(systemctl is-active "$timer")"
podspawn rm well >/dev/null
gone() { ! systemctl list-units --all --no-pager --plain --no-legend 'podspawn-oci-health-*' | grep -q .; }
expect 'no unit of it is left' nothing "$(wait_for 20 gone && echo nothing || systemctl list-units --all --no-pager --plain --no-legend 'podspawn-oci-health-*')"

runtime=units
expect 'cgroupfs can be asked for' "0 0" "$(podspawn run --cgroup-manager cgroupfs --rootfs $rootfs -- true; echo $?) $(scopes)"
expect 'another manager is refused' 1 \
  "$(podspawn run --runtime crun --cgroup-manager upstart --rootfs $rootfs -- true >/dev/null; grep -c 'use systemd or cgroupfs' /tmp/stderr)"
