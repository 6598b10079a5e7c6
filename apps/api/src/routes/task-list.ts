import { type TaskList, TaskListQuery, type TaskStatusName, type TaskSummary } from '@agenthook/contracts';
import { type Context, listTasks, summaryWithoutContent } from '@agenthook/core';
import type { Static } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';
import { msOf } from './time.js';

const listSchema = {
  operationId: 'listTasks',
  summary: 'List tasks',
  description:
    'Newest first, without payloads and results. The number of stored tasks does not affect how long ' +
    'it takes. The cursor is a position in the order, so tasks that start or end in the meantime ' +
    'neither shift nor repeat later pages. Tokens, cost and error code of a task that just ended may ' +
    'follow within a second.',
  tags: ['Tasks'],
  querystring: TaskListQuery,
  response: {
    200: answer('A page of tasks.', Type.Ref('TaskList'), {
      tasks: [examples.taskSummary],
      next_cursor: null,
    } satisfies Static<typeof TaskList>),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const pageWithoutContent = ({ tasks, ...page }: { tasks: TaskSummary[] }) => ({
  ...page,
  tasks: tasks.map(summaryWithoutContent),
});

/** GET /api/tasks */
export async function taskListRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Querystring: Static<typeof TaskListQuery> }>(
    '/api/tasks',
    { schema: listSchema, config: { access: 'viewer', withhold: pageWithoutContent } },
    ({ query }) =>
      listTasks(
        ctx,
        {
          agentId: query.agent_id,
          statuses: [...new Set(query.status)] as TaskStatusName[],
          fromMs: msOf('from', query.from),
          toMs: msOf('to', query.to),
          text: query.q,
        },
        query,
      ),
  );
}
