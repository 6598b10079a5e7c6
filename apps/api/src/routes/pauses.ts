import {
  AgentPauseBody,
  type Pause,
  type PauseInput,
  type PauseList,
  type ResumeInput,
} from '@agenthook/contracts';
import { type Context, listPauses, pause, resume } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const everything: Pause = {
  scope: 'installation',
  since: '2026-11-22T09:05:00.000Z',
  by: 'on call',
  note: 'The shop answers with errors.',
};

const WHAT =
  'While it lasts, events are stored and wait as PENDING, up to `max_pending`; webhooks answer as always. Attempts that ' +
  'run go on to their end. No other attempt begins, also not of a task that has started; `waiting_for` says why. ' +
  'Tests run all the same. A task whose model is paused runs on the first of its `fallback_models` that is not. The ' +
  'time of a pause counts for `task_timeout_seconds`.';

const common = { tags: ['Pauses'] };
const byScope = {
  everything: { scope: 'installation', note: 'The shop answers with errors.' },
  'a provider': { scope: 'provider', provider: 'openai' },
  'a model': { scope: 'provider', provider: 'openai:gpt-5-mini' },
  'an agent': { scope: 'agent', agent_id: examples.agent.id },
} satisfies Record<string, PauseInput>;
const { note: _note, ...toResume } = byScope.everything;

const pauseSchema = {
  ...common,
  operationId: 'pause',
  summary: 'Pause an agent, a provider or everything',
  description: `${WHAT} If it is paused already, the answer is that pause.`,
  body: withExamples(Type.Ref('PauseInput'), byScope),
  response: {
    200: answer('The pause.', Type.Ref('Pause'), everything),
    ...problems('invalid_request', 'unknown_agent', 'too_many_pauses', 'redis_unavailable'),
  },
};

const resumeSchema = {
  ...common,
  operationId: 'resume',
  summary: 'Resume an agent, a provider or everything',
  description:
    'Ends the pause, if there is one; for an agent, also the pause by its `breaker`. What waited runs in its order, in ' +
    'turns with the tasks of other agents. Other pauses go on.',
  body: withExamples(Type.Ref('ResumeInput'), { ...byScope, everything: toResume }),
  response: {
    204: Type.Null({ description: 'It is not paused.' }),
    ...problems('invalid_request', 'unknown_agent', 'redis_unavailable'),
  },
};

const listSchema = {
  ...common,
  operationId: 'listPauses',
  summary: 'List what people have paused',
  description: 'Without agents that their `breaker` has paused; see `paused` of an agent.',
  response: {
    200: answer('The pauses.', Type.Ref('PauseList'), { pauses: [everything] } satisfies PauseList),
    ...problems('redis_unavailable'),
  },
};

const pauseAgentSchema = {
  tags: ['Agents'],
  operationId: 'pauseAgent',
  summary: 'Pause an agent',
  description: `${WHAT} POST /api/agents/{id}/resume ends it.`,
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
  body: withExamples(AgentPauseBody, { 'with a note': { note: 'Answers itself.' } }),
  response: {
    200: answer('The pause.', Type.Ref('Pause'), {
      ...everything,
      scope: 'agent',
      agent_id: examples.agent.id,
    } satisfies Pause),
    ...problems('invalid_request', 'unknown_agent', 'redis_unavailable'),
  },
};

/** /api/pause, /api/resume, /api/pauses and /api/agents/:id/pause */
export async function pauseRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const config = { access: 'operator', withhold: 'nothing' } as const;

  app.post<{ Body: PauseInput }>('/api/pause', { schema: pauseSchema, config }, async (request) => {
    const paused = await pause(ctx, request.body, request.caller?.name ?? null);
    ctx.log.info({ ...paused }, 'paused');
    return paused;
  });

  app.post<{ Body: ResumeInput }>('/api/resume', { schema: resumeSchema, config }, async (request, reply) => {
    if (await resume(ctx, request.body))
      ctx.log.info({ ...request.body, by: request.caller?.name }, 'resumed');
    return reply.status(204).send();
  });

  app.get(
    '/api/pauses',
    { schema: listSchema, config: { access: 'viewer', withhold: 'nothing' } },
    async () => ({ pauses: await listPauses(ctx) }),
  );

  app.post<{ Params: { id: string }; Body: AgentPauseBody | null }>(
    '/api/agents/:id/pause',
    {
      schema: pauseAgentSchema,
      config,
      // No body is needed.
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async (request) => {
      const { params, body, caller } = request;
      const target = { scope: 'agent' as const, agent_id: params.id };
      const paused = await pause(ctx, { ...target, ...body }, caller?.name ?? null);
      ctx.log.info({ ...paused }, 'paused');
      return paused;
    },
  );
}
