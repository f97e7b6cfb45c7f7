#!/bin/bash
# A Debian that has its essential packages and CA certificates and nothing else, made by debootstrap: to be run by unshare as the first process of a pid and a
# mount namespace. All of it vanishes with this process. bare.sh ROOT SUITE FOLDER, which is there under its own name, too
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
echo "the root is there"
sleep infinity &
while :; do wait || true; done
