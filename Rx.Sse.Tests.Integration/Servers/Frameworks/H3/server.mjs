import { createEventStream, H3, serve } from 'h3';
import { after, port } from '../history.mjs';

const app = new H3();

app.get('/', event => {
  const stream = createEventStream(event);
  void push(stream, after(event.req.headers.get('Last-Event-ID')));
  return stream;
});

async function push(stream, events) {
  for (const { id, type, data } of events)
    await stream.push({ id, event: type, data, retry: 10 });
}

serve(app, { port, hostname: '127.0.0.1', silent: true });
