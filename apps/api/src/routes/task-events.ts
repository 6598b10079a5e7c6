import {
  AppError,
  type Audience,
  BEGINNING,
  type Context,
  createTaskEvents,
  type EventPage,
  parseCursor,
  unknownTask,
  type Waiters,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../access/network-of.js';
import { createEventStreams } from '../plugins/event-streams.js';
import { problems } from './describe.js';
import * as examples from './examples.js';

const schema = {
  operationId: 'followTask',
  summary: 'Follow a task live',
  description:
    'Server-Sent Events: `status` when the state changes, `text` with what the model says in each turn, `finished` with ' +
    'the state and result, after which the stream ends; where the agent has a `public_result`, without `text`, and with as ' +
    'much of the result as that shows. With an API key also `step`, `tool_call`, `tool_result` and ' +
    '`attempt_failed`; without one, the task id is the credential. A task that has ended is told from its beginning at ' +
    'once.\n\n' +
    'Each event has an `id`. Sent back as `Last-Event-ID`, as every EventSource does, the stream goes on after it, at any ' +
    'api process; after `finished` the answer is 204, which ends the reconnecting. A comment every 15 s keeps idle ' +
    'connections open. Tried from this page, the events show once the stream has ended.',
  tags: ['Tasks'],
  params: Type.Object({ id: Type.String({ description: 'The task id.' }) }),
  querystring: Type.Object({
    last_event_id: Type.Optional(
      Type.String({ description: 'As the header `Last-Event-ID`, which goes before it.' }),
    ),
  }),
  headers: Type.Object({
    'last-event-id': Type.Optional(
      Type.String({ description: 'The `id` of the last event that was seen; go on after it.' }),
    ),
  }),
  response: {
    200: Type.Unsafe({
      description:
        'The events. The schema is of one: its fields as the stream has them, `data` being JSON in one line.',
      content: {
        'text/event-stream': {
          schema: Type.Union([Type.Ref('TaskEvent'), Type.Ref('PublicEvent'), Type.Ref('WithheldEvent')]),
          examples: { stream: { value: examples.taskEvents.map(inWire).join('') } },
        },
      },
    }),
    204: Type.Null({ description: 'All was told: the last event was `finished`. Do not come back.' }),
    ...problems(
      [
        'invalid_request',
        'Last-Event-ID is not the id of an event of this API. Send it as it came, or none.',
      ],
      'unknown_task',
      'too_many_streams',
      'redis_unavailable',
    ),
  },
};

/** GET /api/tasks/{id}/events */
export async function taskEventRoutes(
  app: FastifyInstance,
  { ctx, waiters }: { ctx: Context; waiters: Waiters },
): Promise<void> {
  const events = createTaskEvents(ctx, waiters);
  const streams = createEventStreams(app.log);
  const inText = textsOfPages();
  app.addHook('preClose', () => streams.close());

  app.get<{
    Params: { id: string };
    Querystring: { last_event_id?: string };
    Headers: { 'last-event-id'?: string };
  }>(
    '/api/tasks/:id/events',
    { schema, exposeHeadRoute: false, config: { access: 'optional', quiet: true } },
    async (request, reply) => {
      const audience = audienceOf(request);
      const from = placeAfter(request.headers['last-event-id'] || request.query.last_event_id);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const pages = events.follow(request.params.id, from, audience, {
        network: networkOf(request.ip),
        signal: gone.signal,
      });
      const first = await pages.next();
      if (gone.signal.aborted || first.done || first.value.ended) await pages.return(undefined);
      if (gone.signal.aborted) return reply.hijack();
      if (first.done) throw unknownTask();
      if (first.value.ended && first.value.events.length === 0) return reply.status(204).send();
      const chunks = inText(first.value, pages);
      return startStream(reply).send(streams.open(chunks, reply.raw, () => gone.abort()));
    },
  );
}

/** Who has a key sees all that the key may see. A wrong one is not taken for none. */
function audienceOf({ caller, headers }: FastifyRequest): Audience {
  if (caller) return caller.see_payloads ? 'all' : 'withheld';
  if (headers.authorization === undefined) return 'public';
  throw new AppError('unauthorized', 'This is no API key: send "Authorization: Bearer <key>", or nothing.');
}

/** Proxies neither keep nor hold back the stream; and the connection ends with it, so that no shutdown waits for it. */
const startStream = (reply: FastifyReply): FastifyReply =>
  reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .header('connection', 'close');

function placeAfter(lastEventId: string | undefined) {
  const place = lastEventId ? parseCursor(lastEventId) : BEGINNING;
  if (place) return place;
  throw new AppError(
    'invalid_request',
    'Last-Event-ID is not the id of an event of this API. Send it as it came, or none.',
  );
}

function inWire({ id, event, data }: EventPage['events'][number]): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Pages as text. Readers at the same place share a page: it is written out once. */
function textsOfPages() {
  const texts = new WeakMap<EventPage, string>();
  const textOf = (page: EventPage): string => {
    const text = texts.get(page) ?? page.events.map(inWire).join('');
    texts.set(page, text);
    return text;
  };
  return async function* (first: EventPage, rest: AsyncIterable<EventPage>) {
    if (first.events.length > 0) yield textOf(first);
    for await (const page of rest) yield textOf(page);
  };
}
