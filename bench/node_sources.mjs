// SPDX-License-Identifier: MIT
// Three HTTP sources on one port of 127.0.0.1, for the dashboards that are measured. Prints the port.
import http from 'node:http';

const body = JSON.stringify({ items: [1, 2, 3], text: 'an answer of the usual length, about a hundred bytes long' });
const server = http.createServer((request, response) => {
  const wait = request.url.startsWith('/notifications') ? 120 : request.url.startsWith('/orders') ? 80 : 40;
  setTimeout(() => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  }, wait);
});
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port));
