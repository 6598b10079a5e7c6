import { AllSchedules, Cursor, ScheduleList, ScheduleRun } from '@agenthook/contracts';
import {
  type Context,
  listAllSchedules,
  listSchedules,
  resumeSchedule,
  runScheduleNow,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import { onceKeyOf, onceTaskHeaders, replayedHeader, tellRepeat } from '../plugins/once.js';
import * as examples from './examples/index.js';

const agentId = Type.String({ description: 'For example `agt_…`.' });
const common = { tags: ['Agents'], params: Type.Object({ id: agentId }) };
const ofOne = {
  ...common,
  params: Type.Object({ id: agentId, schedule_id: Type.String() }),
};

const listSchema = {
  ...common,
  operationId: 'listSchedules',
  summary: 'List the schedules of an agent',
  description: 'Each with its next runs, the outcome of the last due time, and why it does not run, if so.',
  response: {
    200: answer('The schedules, in the order of the agent.', ScheduleList, {
      schedules: [examples.scheduleState],
    }),
    ...problems('unknown_agent', 'redis_unavailable'),
  },
};

const allSchema = {
  tags: ['Agents'],
  operationId: 'listAllSchedules',
  summary: 'List the schedules of all agents',
  description: 'Those of the newest agents first. `limit` counts agents that have schedules.',
  querystring: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Cursor()),
  }),
  response: {
    200: answer('A page of schedules.', AllSchedules, {
      schedules: [{ agent_id: examples.agent.id, schedule: examples.scheduleState }],
      next_cursor: null,
    }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const runSchema = {
  ...ofOne,
  operationId: 'runSchedule',
  summary: 'Run a schedule now',
  description:
    'Runs the agent once with the payload of the schedule, beside its due times. The agent’s filter, ' +
    '`input_schema` and limits apply.',
  headers: onceTaskHeaders,
  response: {
    201: {
      ...answer('The task is stored.', ScheduleRun, { task_id: examples.taskId } satisfies ScheduleRun),
      headers: {
        Location: { type: 'string', description: 'Where to read its status.' },
        ...replayedHeader('the task'),
      },
    },
    200: answer('The agent’s filter left the event out.', ScheduleRun, {
      task_id: null,
      filtered: true,
    } satisfies ScheduleRun),
    ...problems(
      'invalid_idempotency_key',
      'idempotency_key_reused',
      'unknown_agent',
      'unknown_schedule',
      'agent_disabled',
      'invalid_payload',
      'rate_limited',
      'too_many_pending',
      'busy',
      'redis_unavailable',
    ),
  },
};

const resumeSchema = {
  ...ofOne,
  operationId: 'resumeSchedule',
  summary: 'End the pause of a schedule',
  description:
    'A schedule whose runs failed too often in a row goes on with its next due time. Does nothing if it is not ' +
    'paused. Saving the agent does the same.',
  response: {
    204: Type.Null({ description: 'The schedule is not paused.' }),
    ...problems('unknown_agent', 'unknown_schedule', 'redis_unavailable'),
  },
};

type ById = { Params: { id: string } };
type ByScheduleId = { Params: { id: string; schedule_id: string } };

/** /api/agents/:id/schedules and below. */
export async function agentScheduleRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<ById>(
    '/api/agents/:id/schedules',
    { schema: listSchema, config: { access: 'viewer', withhold: 'nothing' } },
    async (request) => ({ schedules: await listSchedules(ctx, request.params.id) }),
  );

  app.get<{ Querystring: { limit: number; cursor?: string } }>(
    '/api/schedules',
    { schema: allSchema, config: { access: 'viewer', withhold: 'nothing' } },
    async ({ query }) => await listAllSchedules(ctx, query),
  );

  app.post<ByScheduleId>(
    '/api/agents/:id/schedules/:schedule_id/run',
    { schema: runSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      const { id, schedule_id } = request.params;
      const { run, isNew } = await runScheduleNow(ctx, id, schedule_id, onceKeyOf(request));
      if (run.task_id === null) return reply.send(run);
      return tellRepeat(reply, isNew)
        .status(201)
        .header('location', `/api/task_status?task_id=${run.task_id}`)
        .send(run);
    },
  );

  app.post<ByScheduleId>(
    '/api/agents/:id/schedules/:schedule_id/resume',
    { schema: resumeSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      const { id, schedule_id } = request.params;
      await resumeSchedule(ctx, id, schedule_id);
      ctx.log.info({ agent_id: id, schedule_id }, 'the pause of a schedule was ended');
      return reply.status(204).send();
    },
  );
}
