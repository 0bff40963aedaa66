"""A ROS domain of one's own, as tests/ros2/support.cpp takes them: a name among Linux's abstract sockets is the lock."""

import os
import socket


def take_domain():
    """Environment variables for a domain that no other test uses, on the loopback interface only; and the lock, which
    holds while it is kept."""
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
