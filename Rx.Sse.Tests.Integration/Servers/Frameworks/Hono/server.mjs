import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { after, port } from '../history.mjs';

const app = new Hono();

app.get('/', context => streamSSE(context, async stream => {
  for (const { id, type, data } of after(context.req.header('Last-Event-ID')))
    await stream.writeSSE({ id, event: type, data, retry: 10 });
  await new Promise(resolve => stream.onAbort(resolve));
}));

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
