#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An HTTP server on 127.0.0.1 that misbehaves as the path says. Prints its port, then what it is asked.

ill_server.py [CERTIFICATE KEY]    with both: TLS
"""
import asyncio, json, ssl, sys


def answer(body, status='200 OK', headers=''):
    return (f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n'
            f'{headers}\r\n').encode() + body


async def misbehave(kind, target, headers, writer, counts):
    if kind == 'ok':
        writer.write(answer(json.dumps({'target': target, 'headers': headers}).encode()))
    elif kind == 'hang':
        await asyncio.sleep(60)
    elif kind == 'headers-then-hang':
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
        await writer.drain()
        await asyncio.sleep(60)
    elif kind == 'drip':
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
        for _ in range(1000):
            writer.write(b' ')
            await writer.drain()
            await asyncio.sleep(0.05)
    elif kind == 'cut':
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"a":')
        await writer.drain()
        return False
    elif kind == 'close':
        return False
    elif kind == 'garbage':
        writer.write(b'\x00\xff\x01 nothing that is HTTP\r\n\r\n')
        await writer.drain()
        return False
    elif kind == 'not-json':
        writer.write(answer(b'<html>for jean@example.com</html>'))
    elif kind == 'huge':
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"')
        for _ in range(1600):
            writer.write(b'x' * 65536)
            await writer.drain()
    elif kind == 'redirect':
        writer.write(answer(b'{}', '302 Found', 'Location: /ok\r\n'))
    elif kind == 'broken':
        writer.write(answer(b'{}', '500 Internal Server Error'))
    elif kind == 'no-content':
        writer.write(b'HTTP/1.1 204 No Content\r\n\r\n')
    elif kind == 'not-found':
        writer.write(answer(b'{}', '404 Not Found'))
    elif kind == 'second-time':
        counts[target] = counts.get(target, 0) + 1
        if counts[target] == 1:
            writer.write(answer(b'{}', '503 Service Unavailable'))
        else:
            writer.write(answer(b'{"try":2}'))
    elif kind == 'once-a-connection':
        if id(writer) in counts:
            return False
        counts[id(writer)] = writer
        writer.write(answer(b'{"fresh":true}'))
    elif kind == 'busy-for-ever':
        writer.write(answer(b'{}', '503 Service Unavailable', 'Retry-After: 18446744074\r\n'))
    elif kind == 'busy':
        writer.write(answer(b'{}', '429 Too Many Requests', 'Retry-After: 60\r\n'))
    await writer.drain()
    return True


async def serve(reader, writer, counts):
    try:
        while True:
            head = (await reader.readuntil(b'\r\n\r\n')).decode('latin-1').split('\r\n')
            target = head[0].split(' ')[1]
            headers = dict(line.split(': ', 1) for line in head[1:] if ': ' in line)
            print('asked', target[:200], flush=True)
            if not await misbehave(target.split('?')[0].split('/')[1], target, headers, writer, counts):
                break
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


async def main():
    tls = None
    if len(sys.argv) == 3:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*sys.argv[1:])
    counts = {}
    server = await asyncio.start_server(lambda r, w: serve(r, w, counts), '127.0.0.1', 0, ssl=tls, limit=1 << 23)
    print('port', server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
