#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program on a terminal of its own and passes on what it prints there.

on_a_terminal.py N PROGRAM ARGUMENT...    SIGINT is sent when a table has been drawn in place N times.
"""
import os, pty, signal, sys

child, terminal = pty.fork()
if child == 0:
    os.environ['TERM'] = 'xterm'
    os.execv(sys.argv[2], sys.argv[2:])
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
    if not interrupted and seen.count(b"\x1b[HUSER") >= int(sys.argv[1]):
        interrupted = True
        os.kill(child, signal.SIGINT)
sys.stdout.buffer.write(seen)
sys.stdout.flush()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
