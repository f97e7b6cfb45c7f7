#!/bin/bash
# server.sh DIRECTORY NAME ADDRESS
# Creates the root directory of one server and becomes its systemd. network.sh runs it.
set -eu
work=$1 server=$2 address=$3
root=$work/$server
mount --make-rprivate /
mkdir -p "$root" "$work/.$server/upper" "$work/.$server/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/.$server/upper,workdir=$work/.$server/work" "$root"
cd "$root"

mount -t proc proc proc
mount --bind -o ro proc/sys proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mkdir dev/pts
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd

rm -f etc/resolv.conf etc/hosts etc/hostname etc/machine-id
echo "nameserver 192.0.1.1" >etc/resolv.conf
echo "$server.example.org" >etc/hostname
printf '127.0.0.1 localhost\n%s %s.example.org %s\n' "$address" "$server" "$server" >etc/hosts
tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
hostname "$server.example.org"
# Remove what an administrator or another test has left on this machine.
rm -rf etc/ringcert var/lib/ringcert usr/local/bin/ringcert etc/dehydrated var/lib/dehydrated etc/letsencrypt var/lib/letsencrypt var/log/letsencrypt
# A new Debian 12 has no /etc/sysusers.d.
rm -rf opt etc/systemd/system etc/sysusers.d etc/rc?.d root/.ssh
mkdir -p opt etc/systemd/system/multi-user.target.wants
: >etc/fstab
ln -s /lib/systemd/system/ssh.service etc/systemd/system/multi-user.target.wants/
for unit in getty.target console-getty.service systemd-logind.service systemd-udevd.service systemd-udev-trigger.service; do
    ln -s /dev/null "etc/systemd/system/$unit"
done
install -d -m 700 root/.ssh
install -m 600 "$work/services/key" root/.ssh/id_ed25519
install -m 600 "$work/services/key.pub" root/.ssh/authorized_keys
printf 'StrictHostKeyChecking accept-new\nLogLevel ERROR\n' >root/.ssh/config
cat "$work/services/ca.pem" >>etc/ssl/certs/ca-certificates.crt

pivot_root . mnt
umount -l /mnt
exec setpriv --bounding-set -sys_module,-sys_time,-sys_rawio \
    env -i container=lab TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    chroot . /lib/systemd/systemd --unit=multi-user.target --log-target=journal-or-kmsg --show-status=0
