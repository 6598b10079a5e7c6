import { ReplayBody, type TaskCreated } from '@agenthook/contracts';
import {
  type Context,
  cancelTask,
  replayTask,
  stateWithoutContent,
  taskTrace,
  traceWithoutContent,
  unknownTask,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const common = {
  tags: ['Tasks'],
  params: Type.Object({ id: Type.String({ description: 'The task id.' }) }),
};

const traceSchema = {
  ...common,
  operationId: 'getTask',
  summary: 'Read the trace of a task',
  description:
    'What came in, what the model received, each turn with its tool calls, tokens, cost and latency, ' +
    'and what came out: enough to see why the agent did what it did.',
  response: {
    200: answer(
      'The trace.',
      Type.Union([Type.Ref('TaskTrace'), Type.Ref('WithheldTrace')]),
      examples.taskTrace,
    ),
    ...problems('unknown_task', 'redis_unavailable'),
  },
};

const cancelSchema = {
  ...common,
  operationId: 'cancelTask',
  summary: 'Cancel a task',
  description:
    'A waiting task ends at once. A running task stops within about a second and keeps what it has: ' +
    'partial answer, tool calls, usage. Both end `FAILURE` with the code `cancelled` and are never ' +
    'retried. If a worker does not stop within two seconds, the answer still says `STARTED`.',
  response: {
    200: answer(
      'The state of the task.',
      Type.Union([Type.Ref('TaskState'), Type.Ref('WithheldState')]),
      examples.taskCancelled,
    ),
    ...problems('unknown_task', 'task_finished', 'redis_unavailable'),
  },
};

const replaySchema = {
  ...common,
  operationId: 'replayTask',
  summary: 'Replay a task',
  description:
    "Creates a new task from the same payload and headers. It runs the agent's current version or, " +
    'with `original`, the version that the first task was triggered with. The first task may or may ' +
    'not have ended.',
  body: withExamples(ReplayBody, { 'current version': {}, 'original version': { version: 'original' } }),
  response: {
    201: {
      ...answer('The new task is stored.', Type.Ref('TaskCreated'), {
        task_id: examples.taskId,
      } satisfies TaskCreated),
      headers: { Location: { type: 'string', description: 'Where to read its status.' } },
    },
    ...problems('invalid_request', 'agent_disabled', 'unknown_task', 'unknown_agent', 'redis_unavailable'),
  },
};

/** /api/tasks and below, for operators. */
export async function taskRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  // Neither route needs a body.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });

  app.get<{ Params: { id: string } }>(
    '/api/tasks/:id',
    { schema: traceSchema, config: { access: 'viewer', withhold: traceWithoutContent } },
    async (request) => {
      const trace = await taskTrace(ctx, request.params.id);
      if (!trace) throw unknownTask();
      return trace;
    },
  );

  app.post<{ Params: { id: string } }>(
    '/api/tasks/:id/cancel',
    { schema: cancelSchema, config: { access: 'operator', withhold: stateWithoutContent } },
    (request) => cancelTask(ctx, request.params.id),
  );

  app.post<{ Params: { id: string }; Body: ReplayBody }>(
    '/api/tasks/:id/replay',
    { schema: replaySchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      const taskId = await replayTask(ctx, request.params.id, request.body.version ?? 'current');
      return reply
        .status(201)
        .header('location', `/api/task_status?task_id=${taskId}`)
        .send({ task_id: taskId });
    },
  );
}
