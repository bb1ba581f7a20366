import { once } from 'node:events';
import { initTRPC, tracked } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import { after, port } from '../history.mjs';

const t = initTRPC.create();

const router = t.router({
  // tRPC puts the header into the input.
  events: t.procedure.input(input => input).subscription(async function* ({ input, signal }) {
    for (const { id, data } of after(input?.lastEventId))
      yield tracked(id, data);
    await once(signal, 'abort');
  }),
});

createHTTPServer({ router }).listen(port, '127.0.0.1');
