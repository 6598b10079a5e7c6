import {
  type TaskCount,
  TaskFilterQuery,
  type TaskHistogram,
  TaskHistogramQuery,
  type TaskList,
  TaskListQuery,
  type TaskSummary,
} from '@agenthook/contracts';
import { type Context, countTasks, listTasks, summaryWithoutContent, taskHistogram } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';
import { taskFilterOf } from './task-filter.js';

const listSchema = {
  operationId: 'listTasks',
  summary: 'List tasks',
  description:
    'Newest first, without payloads and results unless `include` asks for their beginnings. Agent, status, ' +
    'times and `q` are indexed: the number of stored tasks does not affect how long they take. Other filters ' +
    'look at the tasks one by one, up to a bound for each page, and `searched` says how far they came; ' +
    '`next_cursor` goes on there. The cursor is a position in the order, so tasks that start or end in the ' +
    'meantime neither shift nor repeat later pages. Tokens, cost and error code of a task that just ended may ' +
    'follow within a second.',
  tags: ['Tasks'],
  querystring: TaskListQuery,
  response: {
    200: answer('A page of tasks.', Type.Ref('TaskList'), {
      tasks: [examples.taskSummary],
      next_cursor: null,
    } satisfies TaskList),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const countSchema = {
  operationId: 'countTasks',
  summary: 'Count tasks',
  description:
    'How many tasks match a filter. The count is exact if the index has everything that the filter asks for, ' +
    'or if it came to the last task within its bound; otherwise `more` is true.',
  tags: ['Tasks'],
  querystring: TaskFilterQuery,
  response: {
    200: answer('The count.', Type.Ref('TaskCount'), { count: 775, more: false } satisfies TaskCount),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const histogramSchema = {
  operationId: 'taskHistogram',
  summary: 'Count tasks over time',
  description:
    'How many tasks were created in each part of a time, by the status that they have now. Exact, and the ' +
    'number of stored tasks does not affect how long it takes.',
  tags: ['Tasks'],
  querystring: TaskHistogramQuery,
  response: {
    200: answer('The counts.', Type.Ref('TaskHistogram'), {
      bucket_ms: 60_000,
      buckets: [{ start: '2026-01-31T12:00:00.000Z', pending: 0, started: 1, succeeded: 10, failed: 2 }],
    } satisfies TaskHistogram),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const pageWithoutContent = ({ tasks, ...page }: { tasks: TaskSummary[] }) => ({
  ...page,
  tasks: tasks.map(summaryWithoutContent),
});

/** GET /api/tasks, and its counts. */
export async function taskListRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Querystring: TaskListQuery }>(
    '/api/tasks',
    { schema: listSchema, config: { access: 'viewer', withhold: pageWithoutContent } },
    ({ query, caller }) => listTasks(ctx, taskFilterOf(query, caller), query),
  );

  app.get<{ Querystring: TaskFilterQuery }>(
    '/api/tasks/count',
    { schema: countSchema, config: { access: 'viewer', withhold: 'nothing' } },
    ({ query, caller }) => countTasks(ctx, taskFilterOf(query, caller)),
  );

  app.get<{ Querystring: TaskHistogramQuery }>(
    '/api/tasks/histogram',
    { schema: histogramSchema, config: { access: 'viewer', withhold: 'nothing' } },
    ({ query, caller }) => {
      const { fromMs = 0, toMs = 0, ...filter } = taskFilterOf(query, caller);
      return taskHistogram(ctx, filter, { fromMs, toMs, count: query.buckets });
    },
  );
}
