import { createServer } from 'node:http';
import SseChannel from 'sse-channel';
import { history, port } from '../history.mjs';

// It reads Last-Event-ID and sends the newer events of its history by itself. IDs are numbers.
const channel = new SseChannel({
  history: history.map(({ id, type, data }) => ({ id: Number(id), event: type, data })),
  retryTimeout: 10,
});

createServer((request, response) => channel.addClient(request, response)).listen(port, '127.0.0.1');
