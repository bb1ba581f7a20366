// An application on better-sse: better-sse reads Last-Event-ID and writes the events; what can be sent again is the
// application's own business, here a file that outlives the process.
//
//   node server.mjs PORT FILE
//   POST /   an event in JSON, with id, type and data
//   GET /    the stream
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createChannel, createSession } from 'better-sse';

const [port, file] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const history = lines.map(line => JSON.parse(line));
const channel = createChannel();

createServer(async (request, response) => {
  if (request.method === 'POST') {
    const event = await json(request);
    appendFileSync(file, JSON.stringify(event) + '\n');
    history.push(event);
    channel.broadcast(event.data, event.type, { eventId: event.id });
    response.end();
    return;
  }

  const session = await createSession(request, response, { retry: 10 });

  // Node takes the bytes of a header for Latin-1.
  const lastId = Buffer.from(session.lastId, 'latin1').toString();
  const seen = history.findIndex(event => event.id === lastId);
  for (const { id, type, data } of history.slice(seen + 1))
    session.push(data, type, id);
  channel.register(session);
}).listen(port, '127.0.0.1');
