// SPDX-License-Identifier: MIT
// The benchmark's jobs as most people write them with Node streams: split at newlines, split at
// commas, join again. Wrong on quoted fields, and a yardstick all the same:
//   node node_streams.mjs select|title|filter FILE > OUTPUT
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const titleCase = (text) =>
  text.toLowerCase().replace(/(^|[^\p{L}])(\p{L})/gu, (whole, before, letter) => before + letter.toUpperCase());

const jobs = {
  select: (fields) => [fields[0], fields[1], fields[4], fields[8]].join(','),
  title: (fields) => {
    fields[1] = titleCase(fields[1] ?? '');
    return fields.join(',');
  },
  filter: (fields) => (fields[4] === 'Germany' ? fields.join(',') : null),
};

const [name, path] = process.argv.slice(2);
const job = jobs[name];
if (job === undefined || path === undefined) {
  console.error('usage: node_streams.mjs select|title|filter FILE');
  process.exit(2);
}

let tail = '';
let first = true;

function workOn(lines) {
  const out = [];
  for (const line of lines) {
    if (first && name !== 'select') {
      first = false;
      out.push(line);
      continue;
    }
    first = false;
    const made = job(line.split(','));
    if (made !== null) out.push(made);
  }
  return out.length === 0 ? '' : out.join('\n') + '\n';
}

const records = new Transform({
  decodeStrings: false,
  transform(chunk, encoding, done) {
    const lines = (tail + chunk).split('\n');
    tail = lines.pop();
    done(null, workOn(lines));
  },
  flush(done) {
    done(null, tail === '' ? '' : workOn([tail]));
  },
});

await pipeline(createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 }), records, process.stdout);
