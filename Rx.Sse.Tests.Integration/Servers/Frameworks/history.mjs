// The events that were published so far, oldest first, with id, type and data. A server that is started again finds
// them in a file, as it would in a database.
import { readFileSync } from 'node:fs';

export const port = Number(process.env.PORT);
export const history = readFileSync(process.env.EVENTS, 'utf8').trim().split('\n').map(line => JSON.parse(line));

// What comes after the event of that header; all events where there is none.
export function after(lastEventId) {
  // Node decodes headers as Latin-1.
  const id = Buffer.from(lastEventId ?? '', 'latin1').toString();
  return history.slice(history.findIndex(event => event.id === id) + 1);
}
