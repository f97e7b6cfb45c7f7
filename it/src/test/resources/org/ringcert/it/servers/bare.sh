#!/bin/bash
# bare.sh ROOT SUITE DIRECTORY
# Creates a Debian root directory with only the essential packages and CA certificates. unshare runs it as the first
# process of a pid and a mount namespace. The directory is mounted inside the root under the same path. Everything is
# gone when this process ends.
set -eu
root=$1 suite=$2 folder=$3
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
echo "127.0.0.1 localhost" >"$root/etc/hosts"
mkdir -p "$root$folder"
mount --bind "$folder" "$root$folder"
echo "the root is ready"
sleep infinity &
while :; do wait || true; done
