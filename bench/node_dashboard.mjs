// SPDX-License-Identifier: MIT
// What a careful program on Node's event loop does: Promise.allSettled over three sources, the optional one raced
// against a timer that is cleared. node_dashboard.mjs USERS IN_FLIGHT [http://HOST:PORT CUTOFF BUDGET]
import http from 'node:http';
import { performance } from 'node:perf_hooks';

const [users, inFlight, base] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const [cutoff, budget] = [Number(process.argv[5] ?? 300), Number(process.argv[6] ?? 500)];

let state = 1;
function fraction() {  // mulberry32
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
const lognormal = (median, sigma) => median * Math.exp(sigma * normal());

function mock(median, sigma, hangs, value, signal) {
  return new Promise((resolve, reject) => {
    if (fraction() < hangs) { signal?.addEventListener('abort', () => reject(signal.reason), { once: true }); return; }
    const timer = setTimeout(() => resolve(value), lognormal(median, sigma));
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
function get(path, signal) {
  return new Promise((resolve, reject) => {
    const request = http.get(base + path, { agent, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => { body += piece; });
      response.on('end', () => { try { resolve(JSON.parse(body)); } catch (error) { reject(error); } });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

const overshoot = [];
function within(limit, ask) {
  const abort = new AbortController();
  const start = performance.now();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      if (limit === cutoff) overshoot.push(performance.now() - start - limit);
      const error = new Error('late');
      abort.abort(error);
      reject(error);
    }, limit);
  });
  const asked = ask(abort.signal);
  asked.catch(() => {});
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

let failed = 0;
async function dashboard(user) {
  const start = performance.now();
  const id = encodeURIComponent(user);
  const sources = base
    ? [within(budget, (s) => get(`/profile/${id}`, s)), within(budget, (s) => get(`/orders/${id}`, s)),
      within(cutoff, (s) => get(`/notifications/${id}`, s))]
    : [within(budget, (s) => mock(40, 0.1, 0, { id: user, name: 'Ada Brandt', plan: 'pro' }, s)),
      within(budget, (s) => mock(80, 0.1, 0, [{ item: 'Lamp', amount: 59.9 }], s)),
      within(cutoff, (s) => mock(120, 0.9, 0.1, [{ kind: 'order', read: false }], s))];
  const settled = await Promise.allSettled(sources);
  const names = ['profile', 'orders', 'notifications'];
  const data = {};
  settled.forEach((one, i) => { if (one.status === 'fulfilled') data[names[i]] = one.value; });
  const isFailed = settled[0].status !== 'fulfilled' || settled[1].status !== 'fulfilled';
  failed += isFailed ? 1 : 0;
  process.stdout.write(JSON.stringify({ user_id: user, status: isFailed ? 'failed' : 'partial',
    elapsed_ms: performance.now() - start, data }) + '\n');
}

let next = 0;
async function worker() {
  while (next < users) await dashboard(String(next++));
}
await Promise.all(Array.from({ length: inFlight }, worker));
agent.destroy();
overshoot.sort((a, b) => a - b);
const at = (part) => overshoot.length ? overshoot[Math.min(overshoot.length - 1, Math.floor(part * overshoot.length))] : 0;
process.stderr.write(JSON.stringify({ failed, p50: at(0.5), p99: at(0.99) }) + '\n');
