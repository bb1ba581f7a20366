import sse from '@fastify/sse';
import fastify from 'fastify';
import { after, port } from '../history.mjs';

const app = fastify();
await app.register(sse);

app.get('/', { sse: 'only' }, async (request, reply) => {
  reply.sse.keepAlive();
  for (const { id, type, data } of after(reply.sse.lastEventId))
    await reply.sse.send({ id, event: type, data, retry: 10 });
});

await app.listen({ port, host: '127.0.0.1' });
