import { ContinueBody, ReplayBody, type TaskCreated } from '@agenthook/contracts';
import {
  type Context,
  cancelTask,
  continueTask,
  type MadeTask,
  replayTask,
  stateWithoutContent,
  taskTrace,
  traceWithoutContent,
  unknownTask,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { onceKeyOf, onceTaskHeaders, replayedHeader, tellRepeat } from '../plugins/once.js';
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
    ...problems('unknown_task', 'redis_unavailable', 'archive_unavailable', 'texts_sealed'),
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
    ...problems('unknown_task', 'task_finished', 'redis_unavailable', 'archive_unavailable', 'texts_sealed'),
  },
};

const replaySchema = {
  ...common,
  operationId: 'replayTask',
  summary: 'Replay a task',
  description:
    "Creates a new task from the same payload and headers. It runs the agent's current version or, " +
    'with `original`, the version that the first task was triggered with. The first task may or may ' +
    'not have ended. With `from_step`, the steps before that one are copied and not taken again.',
  headers: onceTaskHeaders,
  body: withExamples(ReplayBody, {
    'current version': {},
    'original version': { version: 'original' },
    'from a step on': { from_step: 2 },
  }),
  response: {
    201: {
      ...answer('The new task is stored.', Type.Ref('TaskCreated'), {
        task_id: examples.taskId,
      } satisfies TaskCreated),
      headers: {
        Location: { type: 'string', description: 'Where to read its status.' },
        ...replayedHeader('the task'),
      },
    },
    ...problems(
      'invalid_request',
      'invalid_idempotency_key',
      'idempotency_key_reused',
      'agent_disabled',
      'unknown_task',
      'unknown_agent',
      'event_not_kept',
      'damaged_agent',
      'busy',
      'attachments_unavailable',
      'redis_unavailable',
      'archive_unavailable',
      'texts_sealed',
    ),
  },
};

const continueSchema = {
  ...common,
  operationId: 'continueTask',
  summary: 'Continue a task that has ended',
  description:
    'Creates a new task whose journal begins with the turns and tool calls that the first one finished: they are ' +
    'not made again. A call whose end is unknown is repeated only if its tool is safe to repeat. The prompt is ' +
    'that of the first task; tools, model and limits are those of the agent’s current version, unless the body ' +
    'says otherwise. An answer that ended the first task is not copied: the model answers again.',
  headers: onceTaskHeaders,
  body: withExamples(ContinueBody, {
    'as it is': {},
    'more steps, another model, and a note': {
      limits: { max_steps: 30 },
      model: 'openai:gpt-5-mini',
      note: 'The shop is reachable again. Do not send a second mail.',
    },
  }),
  response: {
    201: {
      ...answer('The new task is stored.', Type.Ref('TaskCreated'), {
        task_id: examples.taskId,
      } satisfies TaskCreated),
      headers: {
        Location: { type: 'string', description: 'Where to read its status.' },
        ...replayedHeader('the task'),
      },
    },
    ...problems(
      'invalid_request',
      'invalid_idempotency_key',
      'idempotency_key_reused',
      'unknown_model',
      'unknown_price',
      'agent_disabled',
      'unknown_task',
      'unknown_agent',
      'task_not_finished',
      'event_not_kept',
      'damaged_agent',
      'busy',
      'attachments_unavailable',
      'redis_unavailable',
      'archive_unavailable',
      'texts_sealed',
    ),
  },
};

/** /api/tasks and below, for operators. */
export async function taskRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  // No route needs a body.
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
      const key = onceKeyOf(request);
      return answerMade(reply, await replayTask(ctx, request.params.id, request.body, { key }));
    },
  );

  app.post<{ Params: { id: string }; Body: ContinueBody }>(
    '/api/tasks/:id/continue',
    { schema: continueSchema, config: { access: 'operator', withhold: 'nothing' } },
    async (request, reply) => {
      const made = await continueTask(ctx, request.params.id, request.body, onceKeyOf(request));
      return answerMade(reply, made);
    },
  );
}

const answerMade = (reply: FastifyReply, { task_id, isNew }: MadeTask): FastifyReply =>
  tellRepeat(reply, isNew)
    .status(201)
    .header('location', `/api/task_status?task_id=${task_id}`)
    .send({ task_id } satisfies TaskCreated);
