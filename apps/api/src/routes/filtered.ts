import { Cursor, type FilteredEvent, FilteredEventList } from '@agenthook/contracts';
import { type Context, clearEvents, filteredWithoutContent, listFiltered } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const common = {
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
};

const listSchema = {
  ...common,
  operationId: 'listFilteredEvents',
  summary: 'List filtered events',
  description:
    'Newest first: the last 100 events that did not run because of the agent’s `filter` or `ignore_senders`. Run one ' +
    'after all with POST /api/agents/{id}/rejections/{rejection_id}/accept. During a flood, the first hundred and ' +
    'then five per second are kept.',
  querystring: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
    cursor: Type.Optional(Cursor()),
  }),
  response: {
    200: answer('A page of events.', FilteredEventList, {
      events: [examples.filteredEvent],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'unknown_agent', 'redis_unavailable'),
  },
};

const clearSchema = {
  ...common,
  operationId: 'clearFilteredEvents',
  summary: 'Delete filtered events',
  description: 'Deletes them permanently. Tasks created from them stay.',
  response: {
    204: Type.Null({ description: 'Deleted.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const pageWithoutContent = ({ events, ...page }: { events: FilteredEvent[] }) => ({
  ...page,
  events: events.map(filteredWithoutContent),
});

type ById = { Params: { id: string } };

/** /api/agents/:id/filtered: events that did not run because of the agent's filter or ignored senders. */
export async function filteredRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<ById & { Querystring: { limit: number; cursor?: string } }>(
    '/api/agents/:id/filtered',
    { schema: listSchema, config: { access: 'viewer', withhold: pageWithoutContent } },
    async (request) => await listFiltered(ctx, request.params.id, request.query),
  );

  app.delete<ById>(
    '/api/agents/:id/filtered',
    { schema: clearSchema, config: { access: 'admin' } },
    async (request, reply) => {
      await clearEvents(ctx, request.params.id, 'filtered');
      return reply.status(204).send();
    },
  );
}
