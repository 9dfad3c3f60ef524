"""Says clearly when the port is taken, before any long work begins."""

from __future__ import annotations

import socket
import sys

port = int(sys.argv[1]) if sys.argv[1].isdigit() else 0
if not 1 <= port <= 65535:
    sys.exit(f"端口 {sys.argv[1]} 无效，应为 1 到 65535；例如 make run PORT=8010")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        sys.exit(f"端口 {port} 已被占用；换一个端口，例如 make run PORT={port + 10}")
