# Run by scripts/test inside scripts/cgroup2-host: networks on Debian's own kernel, where what they need is modules. Each PASS or FAIL line is one test.
rootfs=/x/busybox/rootfs
failed=0
# iproute2 before busybox's own ip.
export PATH=/usr/bin:$PATH
cp -a /x/xtables /usr/lib/x86_64-linux-gnu/
echo nobody:x:65534:65534::/:/bin/false >>/etc/passwd

pass() { echo "PASS $runtime: $1"; }
fail() { echo "FAIL $runtime: $1"; failed=1; }
expect() { # expect NAME WANTED GIVEN
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1: wanted '$2', was '$3'"; sed 's/^/  stderr: /' /tmp/stderr; fi
}
podspawn() { timeout 120 podspawn-oci "$@" 2>/tmp/stderr; }
wait_for() { # wait_for SECONDS COMMAND...
  deadline=$(($(date +%s) + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt $deadline ] || return 1
    sleep 0.2
  done
}
ask() { nc -w 10 "$1" "$2" </dev/null 2>/dev/null | grep . || echo closed; }
inside() { podspawn exec "$1" sh -c "nc -w 10 $2 $3 </dev/null 2>/dev/null | grep . || echo closed"; }

# Another host, and something of this host's own.
ip netns add outside
ip link add up0 type veth peer name up0 netns outside
ip addr add 198.51.100.2/24 dev up0 && ip link set up0 up && ip route add default via 198.51.100.1
ip -n outside addr add 198.51.100.1/24 dev up0 && ip -n outside link set up0 up
ip netns exec outside nc -ll -p 80 -e /bin/echo outside &
ip netns exec outside nc -ll -p 81 -e /bin/echo outside81 &
nc -ll -p 7000 -e /bin/echo host &

runtime=host
podspawn network create --subnet 10.7.1.0/24 one >/dev/null
podspawn network create --subnet 10.7.2.0/24 two >/dev/null
left() { ip -o link | grep -oE 'poci[0-9a-f]+|veth[0-9]+'; nft list tables | grep podspawn; pgrep dnsmasq; pgrep aardvark; }
settled() { [ -z "$(left)" ]; }

for runtime in runc crun runsc; do
  podspawn run -d --runtime $runtime --network one --ip 10.7.1.9 -p 8000:80 --name web --rootfs $rootfs -- sh -c 'nc -ll -p 81 -e /bin/echo web81 & exec nc -ll -p 80 -e /bin/echo web' >/dev/null
  podspawn run -d --runtime $runtime --network one --name free --rootfs $rootfs -- sleep 600 >/dev/null
  podspawn run -d --runtime $runtime --network two --name alien --rootfs $rootfs -- sleep 600 >/dev/null
  podspawn run -d --runtime $runtime --network one --cap-add NET_RAW --egress-allow web:80 --egress-allow 198.51.100.1:80 --name fenced --rootfs $rootfs -- sleep 600 >/dev/null
  wait_for 60 sh -c '[ "$(nc -w 2 10.7.1.9 80 </dev/null)" = web ]'
  expect 'containers reach each other by name, and the world' 'web outside' "$(inside free web 80) $(inside free 198.51.100.1 80)"
  expect 'they reach nothing of the host, and nothing of another network' 'closed closed closed' "$(inside free 10.7.1.1 7000) $(inside alien 10.7.1.9 80) $(inside alien web 80)"
  expect 'a port of the host leads to one' web "$(ask 198.51.100.2 8000)"
  expect 'what is allowed is reached' 'web outside' "$(inside fenced web 80) $(inside fenced 198.51.100.1 80)"
  expect 'and nothing else' 'closed closed closed closed closed' \
    "$(inside fenced web 81) $(inside fenced 198.51.100.1 81) $(inside fenced free 80) $(inside fenced 10.7.1.1 7000) $(inside fenced 10.7.1.1 53)"
  expect 'what was refused is told' 1 "$(podspawn inspect fenced | grep -c '"Address": "198.51.100.1"')"
  podspawn rm -f -t 0 web free alien fenced >/dev/null
  expect 'nothing is left' nothing "$(wait_for 60 settled && echo nothing || left)"
done
runtime=crun
expect 'verify finds that the rules hold' 0 "$(podspawn verify --runtime crun --network one --egress-allow 198.51.100.1:80 --only egress --time-limit 100 >/tmp/stderr; echo $?)"
exit $failed
