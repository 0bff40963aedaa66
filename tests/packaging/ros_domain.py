"""Reserves a ROS domain for a test, in the same way as tests/ros2/support.cpp: the lock is an abstract Unix socket."""

import os
import socket


def take_domain():
    """Returns environment variables for a domain that no other test uses, restricted to the loopback interface, and the
    socket that reserves the domain until it is closed."""
    for attempt in range(100):
        domain = 1 + (os.getpid() + attempt) % 100
        lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            lock.bind(f"\0clipseek_ros_domain_{domain}")
        except OSError:
            lock.close()
            continue
        return {"ROS_DOMAIN_ID": str(domain), "ROS_LOCALHOST_ONLY": "1"}, lock
    raise RuntimeError("no free domain")
