#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program on a terminal of its own and passes on what it prints there.

on_a_terminal.py N ROWS PROGRAM ARGUMENT...    SIGINT is sent when a table has been drawn in place N times.
"""
import fcntl, os, pty, signal, struct, sys, termios

child, terminal = pty.fork()
if child == 0:
    os.environ['TERM'] = 'xterm'
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('4H', int(sys.argv[2]), 80, 0, 0))
    os.execv(sys.argv[3], sys.argv[3:])
seen = b''
interrupted = False
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    seen += piece
    if not interrupted and seen.count(b"\x1b[H\x1b[?7lUSER") >= int(sys.argv[1]):
        interrupted = True
        os.kill(child, signal.SIGINT)
sys.stdout.buffer.write(seen)
sys.stdout.flush()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
