#!/bin/bash
# network.sh DIRECTORY HOST...
# Makes a network: a switch, and a network namespace for each host. unshare runs it as the first process of a mount and a
# network namespace. All of it is gone when this process and those in its namespaces have ended.
#
# Host number N, from 0 on, has the addresses 192.0.1.(10+N) and 2001:db9::(10+N). With ":ipv4" behind its name, it has
# no IPv6 address and no route for IPv6. This namespace is the router, with 192.0.1.1 and 2001:db9::1 and whatever
# address is added to the switch. What is sent to an address outside of 192.0.1.0/24 and 2001:db9::/64 is swallowed.
# These networks are next to those for documentation, which no CA takes for public.
set -eu
work=$1
shift

mount --make-rprivate /
mkdir -p /run/netns
mount -t tmpfs tmpfs /run/netns
mount --bind "$work/resolv.conf" /etc/resolv.conf
mount --bind "$work/hosts" /etc/hosts

ip link set lo up
ip link add switch type bridge
ip addr add 192.0.1.1/24 dev switch
ip addr add 2001:db9::1/64 dev switch nodad
ip link set switch up
# Without these routes, a router that forwards would answer that there is no route.
ip route add blackhole default
ip -6 route add blackhole default

number=10
for entry; do
    host=${entry%:ipv4}
    ip netns add "$host"
    ip link add "$host" type veth peer name eth0 netns "$host"
    ip link set "$host" master switch up
    ip -n "$host" link set lo up
    ip -n "$host" link set eth0 addrgenmode none
    ip -n "$host" link set eth0 up
    ip -n "$host" addr add "192.0.1.$number/24" dev eth0
    ip -n "$host" route add default via 192.0.1.1
    if [ "$host" = "$entry" ]; then
        ip -n "$host" addr add "2001:db9::$number/64" dev eth0 nodad
        ip -n "$host" -6 route add default via 2001:db9::1
    fi
    number=$((number + 1))
done
echo "the network is ready"
exec sleep infinity
