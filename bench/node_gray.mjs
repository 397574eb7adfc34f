// SPDX-License-Identifier: MIT
// The problem that nodeops grayscale is made against: a plain Node server that turns images gray in
// its one thread. GET /gray?file=IMAGE.ppm&times=N does it N times, GET /healthz should answer
// meanwhile.
//
//   node bench/node_gray.mjs        prints its port
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

/** The gray picture, packed as a PNG would be. */
function gray(file) {
  const bytes = readFileSync(file);
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 100).toString('latin1'));
  const pixels = Number(header[1]) * Number(header[2]);
  const out = Buffer.alloc(pixels);
  for (let i = 0, at = header[0].length; i < pixels; i++, at += 3)
    out[i] = 0.299 * bytes[at] + 0.587 * bytes[at + 1] + 0.114 * bytes[at + 2] + 0.5;
  return deflateSync(out, { level: 6 }).length;
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/healthz') return response.end('ok\n');
  const times = Number(url.searchParams.get('times') ?? 1);
  let left = times;
  // Between two images the loop is free for a moment: kinder than many servers are.
  const next = () => {
    if (left-- === 0) return response.end('done\n');
    gray(url.searchParams.get('file'));
    setImmediate(next);
  };
  next();
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
