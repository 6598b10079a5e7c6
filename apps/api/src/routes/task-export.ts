import { Readable } from 'node:stream';
import {
  MAX_EXPORTED_CHARACTERS,
  MAX_EXPORTED_TASKS,
  TaskExportQuery,
  type TaskList,
  type TaskSummary,
} from '@agenthook/contracts';
import { type Context, listTasks, summaryWithoutContent, type TaskFilter } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';
import { problems } from '../plugins/describe.js';
import { csvLine } from './csv.js';
import * as examples from './examples/index.js';
import { taskFilterOf } from './task-filter.js';

/** How many tasks are read at once. */
const PAGE = 100;
/** How many pages an export reads. A page may be empty if few tasks match. */
const MOST_PAGES = 2 * (MAX_EXPORTED_TASKS / PAGE);

const schema = {
  operationId: 'exportTasks',
  summary: 'Export tasks',
  description:
    `The tasks that match a filter, newest first, as CSV or JSON, at most ${MAX_EXPORTED_TASKS}. With ` +
    `\`include\`, titles, payloads and answers too, up to ${MAX_EXPORTED_CHARACTERS} characters of each. If more ` +
    'tasks may match, the last line of the CSV begins with `more`, followed by the `cursor` to continue with; ' +
    'JSON has it as `next_cursor`. In CSV, a text that a spreadsheet would calculate begins with an apostrophe.',
  tags: ['Tasks'],
  querystring: TaskExportQuery,
  response: {
    200: {
      description: 'The tasks.',
      content: {
        'text/csv': { schema: { type: 'string' } },
        'application/json': {
          schema: { $ref: 'TaskList' },
          examples: {
            example: { value: { tasks: [examples.taskSummary], next_cursor: null } satisfies TaskList },
          },
        },
      },
    },
    ...problems('invalid_request', 'redis_unavailable', 'archive_unavailable', 'texts_sealed'),
  },
};

/** The columns that every CSV has. Those of `include` follow. */
const COLUMNS = [
  'task_id',
  'agent_id',
  'agent_version',
  'status',
  'error_code',
  'trigger',
  'sender',
  'created_at',
  'started_at',
  'finished_at',
  'duration_ms',
  'attempt',
  'model',
  'steps',
  'total_tokens',
  'cost_usd',
  'idempotency_key',
  'conversation_id',
] as const satisfies readonly (keyof TaskSummary)[];

const TEXT_COLUMNS = { title: 'title', payload: 'payload_snippet', answer: 'answer_snippet' } as const;

/** GET /api/tasks/export */
export async function taskExportRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.get<{ Querystring: TaskExportQuery }>(
    '/api/tasks/export',
    { schema, config: { access: 'viewer', withhold: 'nothing' } },
    async ({ query, caller }, reply) => {
      // The first page is read before the answer begins, so that a refusal is an answer of its own.
      const pages = pagesOf(ctx, taskFilterOf(query, caller), query);
      const first = await pages.next();
      const all = (async function* () {
        if (!first.done) yield first.value;
        yield* pages;
      })();
      const shown = caller?.see_payloads ? (task: TaskSummary) => task : summaryWithoutContent;
      return reply
        .type(query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="runs.${query.format}"`)
        .header('cache-control', 'private, no-store')
        .send(Readable.from(query.format === 'csv' ? csvOf(all, shown, query) : jsonOf(all, shown)));
    },
  );
}

async function* pagesOf(
  ctx: Context,
  filter: TaskFilter,
  { limit, cursor: from, include }: TaskExportQuery,
): AsyncGenerator<TaskList> {
  let [left, cursor] = [limit, from];
  for (let pages = 0; pages < MOST_PAGES && left > 0; pages++) {
    const page = await listTasks(ctx, filter, {
      limit: Math.min(PAGE, left),
      cursor,
      include,
      mostShown: MAX_EXPORTED_CHARACTERS,
      isWhole: true,
    });
    yield page;
    if (page.next_cursor === null) return;
    left -= page.tasks.length;
    cursor = page.next_cursor;
  }
}

type Show = (task: TaskSummary) => TaskSummary;

async function* csvOf(
  pages: AsyncIterable<TaskList>,
  shown: Show,
  { include = [] }: TaskExportQuery,
): AsyncGenerator<string> {
  const texts = [...new Set(include)];
  yield csvLine([...COLUMNS, ...texts]);
  let next: string | null = null;
  for await (const { tasks, next_cursor } of pages) {
    next = next_cursor;
    yield tasks
      .map(shown)
      .map((task) =>
        csvLine([...COLUMNS.map((column) => task[column]), ...texts.map((text) => task[TEXT_COLUMNS[text]])]),
      )
      .join('');
  }
  if (next !== null) yield csvLine(['more', next]);
}

async function* jsonOf(pages: AsyncIterable<TaskList>, shown: Show): AsyncGenerator<string> {
  yield '{"tasks":[';
  let [next, isFirst]: [string | null, boolean] = [null, true];
  for await (const { tasks, next_cursor } of pages) {
    next = next_cursor;
    if (tasks.length === 0) continue;
    yield `${isFirst ? '' : ','}${tasks.map((task) => JSON.stringify(shown(task))).join(',')}`;
    isFirst = false;
  }
  yield `],"next_cursor":${JSON.stringify(next)}}`;
}
