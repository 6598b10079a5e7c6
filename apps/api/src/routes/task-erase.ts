import { type EraseProgress, EraseQuery } from '@agenthook/contracts';
import { AppError, type Context, eraseNamed, eraseTask, eraseTasks } from '@agenthook/core';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import { msOf } from './time.js';

const common = { tags: ['Tasks'] };

const WHAT =
  'This covers payload, headers, result, trace, events, callback delivery, idempotency key and the ' +
  "rejection that the task was created from. Counters and the agent's notes stay. A callback that is " +
  'not delivered yet is not sent.';

const eraseOneSchema = {
  ...common,
  operationId: 'eraseTask',
  summary: 'Erase a task',
  description: `Permanently erases a task that has ended. ${WHAT}`,
  params: Type.Object({ id: Type.String({ description: 'The task id.' }) }),
  response: {
    204: Type.Null({ description: 'Erased.' }),
    ...problems('unknown_task', 'task_not_finished', 'redis_unavailable', 'archive_unavailable'),
  },
};

const eraseManySchema = {
  ...common,
  operationId: 'eraseTasks',
  summary: 'Erase tasks by agent, time, key or conversation',
  description:
    'Permanently erases tasks that have ended, oldest first. Choose them by `agent_id`, `before`, ' +
    `\`idempotency_key\`, \`conversation_id\`, or several of them. ${WHAT} Each request does a bounded part of the work: repeat it until \`remaining\` ` +
    'and, with \\`cancel\\`, \\`unfinished\\` are 0. The next request also completes one that was ' +
    'interrupted.',
  querystring: EraseQuery,
  response: {
    200: answer('The progress of the erasure.', Type.Ref('EraseProgress'), {
      erased: 200,
      remaining: 1_304,
      unfinished: 2,
    } satisfies EraseProgress),
    ...problems('invalid_request', 'redis_unavailable', 'archive_unavailable'),
  },
};

const WHICH = 'Say which tasks to erase: agent_id, before, idempotency_key or conversation_id.';

/** DELETE /api/tasks and DELETE /api/tasks/{id} */
export async function taskEraseRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const config = { access: 'admin' } as const;

  app.delete<{ Params: { id: string } }>(
    '/api/tasks/:id',
    { schema: eraseOneSchema, config },
    async (request, reply) => {
      await eraseTask(ctx, request.params.id);
      return reply.status(204).send();
    },
  );

  app.delete<{ Querystring: Static<typeof EraseQuery> }>(
    '/api/tasks',
    { schema: eraseManySchema, config },
    ({ query }) => {
      const { agent_id: agentId, idempotency_key, conversation_id, before, cancel } = query;
      const beforeMs = msOf('before', before) ?? ctx.now() + 1;
      const filter = { agentId, beforeMs, cancel };
      if (idempotency_key !== undefined || conversation_id !== undefined)
        return eraseNamed(ctx, {
          ...filter,
          idempotencyKey: idempotency_key,
          conversationId: conversation_id,
        });
      if (agentId === undefined && before === undefined) throw new AppError('invalid_request', WHICH);
      return eraseTasks(ctx, filter);
    },
  );
}
