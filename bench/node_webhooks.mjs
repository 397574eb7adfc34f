// SPDX-License-Identifier: MIT
// The pipeline of webhook-replay as a Node service has it: better-sqlite3, WAL, synchronous=FULL,
// group commit. For bench/webhooks, which says where express and better-sqlite3 are installed.
//   node_webhooks.mjs MODULES process EVENTS.ndjson LEDGER.db PER-COMMIT     all in one process
//   node_webhooks.mjs MODULES serve LEDGER.db PER-COMMIT                     Express; prints its port
//   node_webhooks.mjs MODULES drive EVENTS.ndjson PORT CONNECTIONS           sends them there
// process and drive print events per second.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [modules, mode, ...args] = process.argv.slice(2);
const require = createRequire(modules + '/');

const canonical = (value) => {
  if (Array.isArray(value)) return '[' + value.map(canonical).join() + ']';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return '{' + Object.keys(value).sort().map((key) => JSON.stringify(key) + ':' + canonical(value[key])).join() + '}';
};

/// Parses and validates; throws for what is no event.
function read(body) {
  const event = JSON.parse(body);
  const object = event.data?.object;
  if (event.object !== 'event' || typeof event.id !== 'string' || typeof event.type !== 'string' || typeof object !== 'object')
    throw new Error('not an event');
  const kind = { 'payment_intent.succeeded': 'payment', 'refund.created': 'refund' }[event.type];
  const amount = kind === 'payment' ? object.amount_received : object.amount;
  if (kind && !(Number.isSafeInteger(amount) && amount >= 0 && /^[a-z]{3}$/.test(object.currency))) throw new Error('no amount');
  const fingerprint = createHash('sha256').update((event.account ?? '') + '\n' + event.type + '\n' + canonical(object)).digest();
  return { event, object, kind, amount, fingerprint, body };
}

function openLedger(path) {
  const database = new (require('better-sqlite3'))(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 4096');
  database.exec(`CREATE TABLE IF NOT EXISTS events(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
      object_id TEXT NOT NULL, created INTEGER NOT NULL, fingerprint BLOB NOT NULL, body BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS payments(id TEXT PRIMARY KEY, event_id TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS refunds(id TEXT PRIMARY KEY, event_id TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS outbox(number INTEGER PRIMARY KEY, event_id TEXT NOT NULL, kind TEXT NOT NULL, object_id TEXT NOT NULL)`);
  const claim = database.prepare('INSERT INTO events(id, type, object_id, created, fingerprint, body) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING');
  const find = database.prepare('SELECT fingerprint FROM events WHERE id = ?');
  const book = {
    payment: database.prepare('INSERT INTO payments VALUES(?, ?, ?, ?) ON CONFLICT(id) DO NOTHING'),
    refund: database.prepare('INSERT INTO refunds VALUES(?, ?, ?, ?) ON CONFLICT(id) DO NOTHING'),
  };
  const tell = database.prepare('INSERT INTO outbox(event_id, kind, object_id) VALUES(?, ?, ?)');
  const apply = ({ event, object, kind, amount, fingerprint, body }) => {
    if (claim.run(event.id, event.type, object.id ?? '', event.created, fingerprint, body).changes === 0)
      return find.get(event.id).fingerprint.equals(fingerprint) ? 'duplicate' : 'conflict';
    if (!kind) return 'ignored';
    if (book[kind].run(object.id, event.id, amount, object.currency).changes === 0) return 'duplicate';
    tell.run(event.id, kind, object.id);
    return 'processed';
  };
  return database.transaction((group) => group.map(apply));
}

const rate = (count, began) => console.log(Math.round(count / ((performance.now() - began) / 1000)));

async function inProcess(file, path, perCommit) {
  const commit = openLedger(path);
  const began = performance.now();
  let group = [];
  let count = 0;
  let answers = 0;
  const flush = () => {
    commit(group).forEach((outcome, i) => {
      answers += JSON.stringify({ n: ++count, event_id: group[i].event.id, status: outcome === 'conflict' ? 409 : 200, outcome }).length;
    });
    group = [];
  };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    group.push(read(line));
    if (group.length >= perCommit) flush();
  }
  flush();
  rate(count, began);
}

function serve(path, perCommit) {
  const express = require('express');
  const commit = openLedger(path);
  let group = [];
  const flush = () => {
    const now = group;
    group = [];
    if (now.length === 0) return;
    commit(now.map((one) => one.read)).forEach((outcome, i) => now[i].response.status(outcome === 'conflict' ? 409 : 200).json({ outcome }));
  };
  const app = express();
  app.post('/webhooks', express.raw({ type: '*/*', limit: '1mb' }), (request, response) => {
    group.push({ read: read(request.body.toString('utf8')), response });
    if (group.length === 1) setImmediate(flush);
    if (group.length >= perCommit) flush();
  });
  app.use((error, request, response, next) => response.status(400).json({ error: error.message }));
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

async function drive(file, port, connections) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const send = (body) => new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const request = http.request({ port, host: '127.0.0.1', method: 'POST', path: '/webhooks', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(response.statusCode))));
    });
    request.on('error', reject);
    request.end(body);
  });
  const lines = createInterface({ input: createReadStream(file) })[Symbol.asyncIterator]();
  const began = performance.now();
  let count = 0;
  await Promise.all(Array.from({ length: connections }, async () => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      await send(next.value);
      ++count;
    }
  }));
  agent.destroy();
  rate(count, began);
}

if (mode === 'process') await inProcess(args[0], args[1], Number(args[2]));
if (mode === 'serve') serve(args[0], Number(args[1]));
if (mode === 'drive') await drive(args[0], Number(args[1]), Number(args[2]));
