// A server for the Model Context Protocol. The client calls a tool with a POST, whose response is a stream of what the
// tool reports. After a drop the client resumes with a GET, and the SDK reads what it missed from the event store.
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { after, history, port } from '../history.mjs';

const notification = data => ({ method: 'notifications/message', params: { level: 'info', data } });

const eventStore = {
  // The SDK begins a stream with an event without data, for its ID; the message is empty then.
  async storeEvent(streamId, message) {
    return history.find(event => event.data === message.params?.data)?.id ?? 'begin';
  },
  async replayEventsAfter(lastEventId, { send }) {
    for (const { id, data } of after(lastEventId))
      await send(id, { jsonrpc: '2.0', ...notification(data) });
    return 'prices';
  },
};

createServer(async (request, response) => {
  const server = new McpServer({ name: 'prices', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('watch', {}, async ({ sendNotification }) => {
    for (const { data } of history)
      await sendNotification(notification(data));
    return new Promise(() => { });
  });

  // Without sessions, every request has a transport of its own.
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, eventStore, retryInterval: 10 });
  await server.connect(transport);
  await transport.handleRequest(request, response);
}).listen(port, '127.0.0.1');
