import { type FilterTest, FilterTestBody } from '@agenthook/contracts';
import { type Context, resume, tryFilter } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const common = {
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
};

const testSchema = {
  ...common,
  operationId: 'testFilter',
  summary: 'Try a filter on past events',
  description:
    'Tries a filter on the last 100 events of the agent: tasks, filtered events and rejections. Events over ' +
    '64 KiB are not tried. Runs and changes nothing.',
  body: withExamples(FilterTestBody, {
    'new issues': { filter: 'headers["x-github-event"] == "issues" && payload.action == "opened"' },
  }),
  response: {
    200: answer('What the filter would do.', Type.Ref('FilterTest'), {
      passed: 1,
      filtered: 1,
      failed: 0,
      untried: 0,
      events: [
        {
          id: examples.taskId,
          kind: 'task',
          at: '2026-11-22T09:04:00.000Z',
          name: 'issues opened',
          runs: true,
          error: null,
        },
        {
          id: examples.filteredEvent.id,
          kind: 'filtered',
          at: examples.filteredEvent.at,
          name: 'issues labeled',
          runs: false,
          error: null,
        },
      ],
    } satisfies FilterTest),
    ...problems('invalid_request', 'unknown_agent', 'invalid_filter', 'busy', 'redis_unavailable'),
  },
};

const resumeSchema = {
  ...common,
  operationId: 'resumeAgent',
  summary: 'End the pause of an agent',
  description:
    'Runs the events that came while the agent’s `breaker`, or a person, had paused it. Does nothing if the agent is not ' +
    'paused. Cancel or erase tasks that should not run before you call this.',
  response: {
    204: Type.Null({ description: 'The agent is not paused.' }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

/** Without what the events tell. */
const withoutContent = (test: FilterTest): FilterTest => ({
  ...test,
  events: test.events.map(({ error, ...event }) => ({
    ...event,
    name: '',
    error: error === null ? null : '',
  })),
});

type ById = { Params: { id: string } };

/** /api/agents/:id/filter/test and /api/agents/:id/resume */
export async function agentFilterRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.post<ById & { Body: FilterTestBody }>(
    '/api/agents/:id/filter/test',
    { schema: testSchema, config: { access: 'operator', withhold: withoutContent } },
    (request) => tryFilter(ctx, request.params.id, request.body),
  );

  app.post<ById>(
    '/api/agents/:id/resume',
    { schema: resumeSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      await resume(ctx, { scope: 'agent', agent_id: request.params.id });
      ctx.log.info({ agent_id: request.params.id }, 'the pause of an agent was ended');
      return reply.status(204).send();
    },
  );
}
