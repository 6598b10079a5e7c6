import {
  AllFilteredEvents,
  AllRejections,
  type FilteredEvent,
  KeptEventQuery,
  type Rejection,
  RejectionQuery,
} from '@agenthook/contracts';
import {
  type Context,
  filteredWithoutContent,
  listAllFiltered,
  listAllRejections,
  rejectionWithoutContent,
} from '@agenthook/core';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import { statusOf } from '../plugins/problems.js';
import * as examples from './examples/index.js';
import { msOf } from './time.js';

const common = { tags: ['Agents'] };
const WHICH = 'Without `agent_id`: of the 200 agents with the most events since the oldest that is kept.';

const rejectionsSchema = {
  ...common,
  operationId: 'listAllRejections',
  summary: 'List the rejections of all agents',
  description: `Newest first: the last 100 of each agent. ${WHICH}`,
  querystring: RejectionQuery,
  response: {
    200: answer('A page of rejections.', AllRejections, {
      events: [{ agent_id: examples.agent.id, event: examples.rejection }],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const filteredSchema = {
  ...common,
  operationId: 'listAllFilteredEvents',
  summary: 'List the filtered events of all agents',
  description: `Newest first: the last 100 of each agent. ${WHICH}`,
  querystring: KeptEventQuery,
  response: {
    200: answer('A page of events.', AllFilteredEvents, {
      events: [{ agent_id: examples.agent.id, event: examples.filteredEvent }],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const withoutContent =
  <Event>(reduce: (event: Event) => object) =>
  ({ events, ...rest }: { events: { agent_id: string; event: Event }[] }) => ({
    ...rest,
    events: events.map(({ agent_id, event }) => ({ agent_id, event: reduce(event) })),
  });

/** Events of all agents that created no task. */
export async function allEventRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Querystring: RejectionQuery }>(
    '/api/rejections',
    {
      schema: rejectionsSchema,
      config: { access: 'viewer', withhold: withoutContent<Rejection>(rejectionWithoutContent) },
    },
    async ({ query }) => {
      const { events, next_cursor } = await listAllRejections(ctx, filterOf(query), query);
      return {
        events: events.map(({ agent_id, event }) => ({
          agent_id,
          event: { ...event, status: statusOf(event.code) },
        })),
        next_cursor,
      };
    },
  );

  app.get<{ Querystring: KeptEventQuery }>(
    '/api/filtered',
    {
      schema: filteredSchema,
      config: { access: 'viewer', withhold: withoutContent<FilteredEvent>(filteredWithoutContent) },
    },
    async ({ query }) => await listAllFiltered(ctx, filterOf(query), query),
  );
}

const filterOf = ({ agent_id, code, from, to }: KeptEventQuery & Partial<Pick<RejectionQuery, 'code'>>) => ({
  agentIds: agent_id,
  code,
  fromMs: msOf('from', from),
  toMs: msOf('to', to),
});
