# Run by scripts/test inside scripts/cgroup2-host: boots systemd in a separate part of that host, where systemd-tests.sh is run.
root=/x/systemd
mount --bind $root $root
cd $root || exit 1
mount -t sysfs sys sys && mount -t cgroup2 cgroup2 sys/fs/cgroup && mount -t proc proc proc && mount -t tmpfs run run && mount -t tmpfs tmp tmp && mount --rbind /dev dev
mkdir /sys/fs/cgroup/machine
cat >srv/boot.sh <<'END'
mount -t proc proc /proc; umount /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec env -i container=host PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=tests.target --log-level=warning
END
# Only the first process of the new process namespace moves to the cgroup that becomes systemd's root: others would prevent that.
chroot $root /usr/bin/unshare --pid --fork --mount sh -c 'echo 0 >/sys/fs/cgroup/machine/cgroup.procs; exec /usr/bin/unshare --cgroup sh /srv/boot.sh' >/x/boot.log 2>&1 &
deadline=$(($(date +%s) + 800))
until [ -e srv/done ]; do
  [ "$(date +%s)" -lt $deadline ] || { echo "FAIL systemd: the tests did not come to their end"; tail -n 40 /x/boot.log; break; }
  sleep 1
done
cat srv/out
grep -q "^PASS" srv/out && ! grep -q "^FAIL" srv/out
