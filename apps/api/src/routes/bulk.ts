import type { BulkCount, BulkInput, BulkJob } from '@agenthook/contracts';
import {
  AppError,
  type BulkFilter,
  type Caller,
  type Context,
  countBulk,
  createBulk,
  getBulk,
  listBulk,
  stopBulk,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { onceHeaders, onceKeyOf, replayedHeader, tellRepeat } from '../plugins/once.js';
import * as examples from './examples/index.js';
import { taskFilterOf } from './task-filter.js';
import { msOf } from './time.js';

/** Room for the longest list of ids, in bytes. */
const BULK_BYTES = 128 * 1024;

const common = { tags: ['Bulk'] };
const params = Type.Object({ id: Type.String({ description: 'For example `blk_…`.' }) });

const body = withExamples(Type.Ref('BulkInput'), {
  'cancel what waits': { action: 'cancel', filter: { agent_id: examples.agent.id, status: ['PENDING'] } },
  'replay the failures of an hour': {
    action: 'replay',
    filter: { status: ['FAILURE'], from: '2026-11-22T09:00:00Z', to: '2026-11-22T10:00:00Z' },
  },
  'accept what the schema refused': {
    action: 'accept',
    filter: { agent_id: examples.agent.id, code: 'invalid_payload' },
  },
  'resend failed callbacks': { action: 'resend', filter: { status: ['failed'] } },
} satisfies Record<string, BulkInput>);

const WHAT =
  '`cancel`, `purge` (erase tasks that have ended) and `replay` choose tasks by the filter of GET /api/tasks, ' +
  '`accept` chooses rejections, `resend` callback deliveries; or name up to 1,000 by `ids`. ';

const createSchema = {
  ...common,
  operationId: 'createBulkJob',
  summary: 'Do something to all that match a filter',
  description:
    `${WHAT}What matches is collected first; what comes later is left alone. Then each item is handled as by its ` +
    'own route, oldest first, at a pace that leaves room for events: a job makes new tasks only as its earlier ' +
    'ones start. A worker does it; if that dies, another one goes on, and does nothing twice. `purge` needs the ' +
    'role `admin`.',
  headers: onceHeaders(
    'For 24 hours, a request with the same key returns the job that the first one has created.',
  ),
  body,
  response: {
    202: {
      ...answer('The job is stored.', Type.Ref('BulkJob'), examples.bulkJob),
      headers: {
        Location: { type: 'string', description: 'Where to read its progress.' },
        ...replayedHeader('the job'),
      },
    },
    ...problems(
      'invalid_request',
      'invalid_idempotency_key',
      'idempotency_key_reused',
      'unknown_agent',
      'too_many_bulk_jobs',
      'redis_unavailable',
    ),
  },
};

const countSchema = {
  ...common,
  operationId: 'countBulk',
  summary: 'Count what a bulk job would handle',
  description: 'Takes the same body as POST /api/bulk, and changes nothing.',
  body,
  response: {
    200: answer('How many match.', Type.Ref('BulkCount'), {
      matching: 775,
      is_complete: true,
    } satisfies BulkCount),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const listSchema = {
  ...common,
  operationId: 'listBulkJobs',
  summary: 'List bulk jobs',
  description: 'The latest, newest first, with their progress.',
  response: {
    200: answer('The jobs.', Type.Ref('BulkJobList'), { jobs: [examples.bulkJob] }),
    ...problems('redis_unavailable'),
  },
};

const getSchema = {
  ...common,
  operationId: 'getBulkJob',
  summary: 'Read the progress of a bulk job',
  params,
  response: {
    200: answer('The job.', Type.Ref('BulkJob'), examples.bulkJob),
    ...problems('unknown_bulk_job', 'redis_unavailable'),
  },
};

const stopSchema = {
  ...common,
  operationId: 'stopBulkJob',
  summary: 'Stop a bulk job',
  description: 'What it has done stays done. Does nothing if the job is finished.',
  params,
  response: {
    200: answer('The job.', Type.Ref('BulkJob'), { ...examples.bulkJob, state: 'stopped' } satisfies BulkJob),
    ...problems('unknown_bulk_job', 'redis_unavailable'),
  },
};

/** A filter may contain an idempotency key or a text of a payload. */
const withoutFilter = (job: BulkJob): BulkJob => ({ ...job, filter: null });

type ById = { Params: { id: string } };

/** /api/bulk: actions on all that match a filter. */
export async function bulkRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.post<{ Body: BulkInput }>(
    '/api/bulk',
    { schema: createSchema, config: { access: 'operator', withhold: withoutFilter }, bodyLimit: BULK_BYTES },
    async (request, reply) => {
      const { body: input, caller } = request;
      requireRole(request);
      const key = onceKeyOf(request);
      const filter = input.ids ? null : filterOf(input, ctx.now(), request.caller);
      const { job, isNew } = await createBulk(
        ctx,
        {
          action: input.action,
          filter,
          given: input.filter ?? null,
          ...('version' in input && { version: input.version }),
          created_by: caller?.name ?? null,
        },
        itemsOf(input),
        key === undefined ? undefined : { key, body: input },
      );
      if (isNew)
        ctx.log.info({ bulk_id: job.id, action: job.action, by: caller?.name }, 'a bulk job was created');
      return tellRepeat(reply, isNew).status(202).header('location', `/api/bulk/${job.id}`).send(job);
    },
  );

  app.post<{ Body: BulkInput }>(
    '/api/bulk/count',
    { schema: countSchema, config: { access: 'operator', withhold: 'nothing' }, bodyLimit: BULK_BYTES },
    async (request): Promise<BulkCount> => {
      requireRole(request);
      const { body: input } = request;
      if (input.ids) return { matching: itemsOf(input).length, is_complete: true };
      return await countBulk(ctx, filterOf(input, ctx.now(), request.caller));
    },
  );

  app.get(
    '/api/bulk',
    {
      schema: listSchema,
      config: {
        access: 'viewer',
        withhold: ({ jobs }: { jobs: BulkJob[] }) => ({ jobs: jobs.map(withoutFilter) }),
      },
    },
    async () => ({ jobs: await listBulk(ctx) }),
  );

  app.get<ById>(
    '/api/bulk/:id',
    { schema: getSchema, config: { access: 'viewer', withhold: withoutFilter } },
    (request) => getBulk(ctx, request.params.id),
  );

  app.post<ById>(
    '/api/bulk/:id/stop',
    { schema: stopSchema, config: { access: 'operator', withhold: withoutFilter } },
    async ({ params: { id }, caller }) => {
      const job = await stopBulk(ctx, id);
      ctx.log.info({ bulk_id: id, by: caller?.name }, 'a bulk job was stopped');
      return job;
    },
  );
}

/** Erasing one task needs an admin, so erasing many does, too. */
function requireRole({ body: input, caller }: FastifyRequest): void {
  if ((input as BulkInput).action === 'purge' && caller?.role !== 'admin')
    throw new AppError('forbidden', `This needs a key with the role admin; yours has ${caller?.role}.`);
}

const invalid = (path: string, message: string): AppError =>
  new AppError('invalid_request', `The request is not valid: ${path} ${message}.`, {
    issues: [{ path, message }],
  });

/** The items that were named, each once. Throws `invalid_request`. */
function itemsOf(input: BulkInput): string[] {
  const { ids } = input;
  if (!ids) return [];
  if (input.filter) throw invalid('/ids', 'cannot be given together with filter');
  const unique = [...new Set(ids)];
  if (unique.some((id) => !/^[\w-]{1,100}$/.test(id))) throw invalid('/ids', 'must be ids');
  if (input.action !== 'accept') return unique;
  const { agent_id } = input;
  if (agent_id === undefined)
    throw invalid('/agent_id', 'is required, because the ids are of its rejections');
  return unique.map((id) => `${agent_id} ${id}`);
}

/**
 * The filter of a request. What comes after `nowMs` never matches. Throws
 * `invalid_request` and what taskFilterOf throws.
 */
function filterOf(input: BulkInput, nowMs: number, caller: Caller | undefined): BulkFilter {
  if (!input.filter) throw invalid('/filter', 'is required, or ids');
  const { agent_id: agentId, from, to } = input.filter;
  const range = {
    agentId,
    fromMs: msOf('from', from),
    toMs: Math.min(msOf('to', to) ?? nowMs + 1, nowMs + 1),
  };
  switch (input.action) {
    case 'accept': {
      const { kind: shelf = 'rejected', code } = input.filter;
      return { of: 'rejections', rejections: { ...range, shelf, code } };
    }
    case 'resend':
      return { of: 'deliveries', deliveries: { ...range, statuses: input.filter.status } };
    default:
      return { of: 'tasks', tasks: { ...taskFilterOf(input.filter, caller), toMs: range.toMs } };
  }
}
