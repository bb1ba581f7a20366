import express from 'express';
import SSE from 'express-sse';
import { after, port } from '../history.mjs';

const app = express();

app.get('/', (request, response) => {
  // What one object sends goes to all of its clients, so each client has its own.
  const sse = new SSE([], { isSerialized: false });
  sse.init(request, response);
  for (const { id, type, data } of after(request.get('Last-Event-ID')))
    sse.send(data, type, id);
});

app.listen(port, '127.0.0.1');
