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
import { problems } from '../plugins/describe.js';
import { createEventStreams } from '../plugins/event-streams.js';
import * as examples from './examples/index.js';

const schema = {
  operationId: 'followTask',
  summary: 'Follow a task live',
  description:
    'Server-Sent Events: `status` when the state changes, `text` with what the model says in each ' +
    'turn, `finished` with the state and result, after which the stream ends. Without an API key, the ' +
    "task id is the credential, and the agent's `public_result` may remove `text` and parts of the " +
    'result. An API key also gets `step`, `tool_call`, `tool_result` and `attempt_failed`. For a task ' +
    'that has ended, all events arrive at once.\n\nEach event has an `id`. Send it back as ' +
    '`Last-Event-ID`, as every EventSource does, and any api process resumes the stream after it. ' +
    'After `finished` the answer is 204, which stops the reconnecting. A comment every 15 s keeps ' +
    'idle connections open. On this page, the events appear once the stream has ended.',
  tags: ['Tasks'],
  params: Type.Object({ id: Type.String({ description: 'The task id.' }) }),
  querystring: Type.Object({
    last_event_id: Type.Optional(
      Type.String({ description: 'The same as the header `Last-Event-ID`, which takes precedence.' }),
    ),
  }),
  headers: Type.Object({
    'last-event-id': Type.Optional(
      Type.String({ description: 'The `id` of the last event you received. The stream resumes after it.' }),
    ),
  }),
  response: {
    200: Type.Unsafe({
      description:
        'The events. The schema describes one event, with the fields that it has in the stream; ' +
        '`data` is JSON on one line.',
      content: {
        'text/event-stream': {
          schema: Type.Union([Type.Ref('TaskEvent'), Type.Ref('PublicEvent'), Type.Ref('WithheldEvent')]),
          examples: { stream: { value: examples.taskEvents.map(inWire).join('') } },
        },
      },
    }),
    204: Type.Null({ description: 'The last event was `finished`. Do not reconnect.' }),
    ...problems(
      [
        'invalid_request',
        'Last-Event-ID is not an event id of this API. Send it unchanged, or leave it out.',
      ],
      'unknown_task',
      'too_many_streams',
      'redis_unavailable',
      'archive_unavailable',
      'texts_sealed',
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

/** A caller with a key sees what the key may see. A wrong key does not count as no key. */
function audienceOf({ caller, headers }: FastifyRequest): Audience {
  if (caller) return caller.see_payloads ? 'all' : 'withheld';
  if (headers.authorization === undefined) return 'public';
  throw new AppError(
    'unauthorized',
    'This is not an API key. Send "Authorization: Bearer <key>", or leave the header out.',
  );
}

/**
 * Proxies must not cache or buffer the stream. The connection closes with it, so that a shutdown does not
 * wait.
 */
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
    'Last-Event-ID is not an event id of this API. Send it unchanged, or leave it out.',
  );
}

function inWire({ id, event, data }: EventPage['events'][number]): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Pages as text. Readers at the same position share a page, which is serialised once. */
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
