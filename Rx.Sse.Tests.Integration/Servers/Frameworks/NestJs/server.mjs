import 'reflect-metadata';
import { Controller, Headers, Module, Sse } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { concat, from, map, NEVER } from 'rxjs';
import { after, port } from '../history.mjs';

class EventsController {
  events(lastEventId) {
    const events = from(after(lastEventId)).pipe(map(({ id, type, data }) => ({ id, type, data, retry: 10 })));
    return concat(events, NEVER);
  }
}

class AppModule { }

// JavaScript has no decorators yet: this is what TypeScript makes of @Controller() and the others.
const { prototype } = EventsController;
Controller()(EventsController);
Sse()(prototype, 'events', Object.getOwnPropertyDescriptor(prototype, 'events'));
Headers('last-event-id')(prototype, 'events', 0);
Module({ controllers: [EventsController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(port, '127.0.0.1');
