import { Readable } from 'node:stream';
import {
  AUDIT_DAYS,
  type AuditEntry,
  AuditExportQuery,
  AuditList,
  AuditQuery,
  MAX_AUDIT_ENTRIES,
} from '@agenthook/contracts';
import { type AuditFilter, type Context, readAudit } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import { csvLine } from './csv.js';
import { msOf } from './time.js';

const common = { tags: ['Access'] };

const example: AuditEntry = {
  id: '0b0f6c0e-8f5e-4a0e-9a3c-0a5e5d4c3b2a',
  at: '2026-11-29T15:12:09.120Z',
  actor: { kind: 'key', key_id: 'key_7d3c0a91b2e4f5061728394a', name: 'Ada', session_id: null },
  action: 'patchAgent',
  object: { type: 'agent', id: 'agt_019329f1c0007abc8def0123456789ab' },
  details: {},
  before: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  after: 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9',
  outcome: 'done',
};

const listSchema = {
  ...common,
  operationId: 'listAudit',
  summary: 'Read the audit log',
  description:
    `Who changed what, newest first: agents, webhooks, keys, sessions, budgets, decisions, erasures, and all other ` +
    `requests that change something. Kept for ${AUDIT_DAYS} days, at most ${MAX_AUDIT_ENTRIES} entries. Entries have ` +
    'neither content nor secrets; `before` and `after` are hashes.',
  querystring: AuditQuery,
  response: {
    200: answer('A page of the log.', AuditList, { entries: [example], next_cursor: null }),
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const exportSchema = {
  ...common,
  operationId: 'exportAudit',
  summary: 'Export the audit log',
  description: 'All entries that match, newest first, as a JSON object per line or as CSV.',
  querystring: AuditExportQuery,
  response: {
    200: {
      description: 'The entries.',
      content: {
        'application/x-ndjson': { schema: { type: 'string' }, example: `${JSON.stringify(example)}\n` },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    ...problems('invalid_request', 'redis_unavailable'),
  },
};

const COLUMNS = [
  'id',
  'at',
  'actor_kind',
  'actor_key_id',
  'actor_name',
  'actor_session_id',
  'action',
  'object_type',
  'object_id',
  'details',
  'before',
  'after',
  'outcome',
];
/** How many entries are read at once. */
const PAGE = 200;

/** GET /api/audit and its export */
export async function auditRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const config = { access: 'admin' } as const;

  app.get<{ Querystring: AuditQuery }>(
    '/api/audit',
    { schema: listSchema, config },
    ({ query }): Promise<AuditList> => readAudit(ctx, filterOf(query), query),
  );

  app.get<{ Querystring: AuditExportQuery }>(
    '/api/audit/export',
    { schema: exportSchema, config },
    async ({ query }, reply) => {
      const { format } = query;
      // The first page is read before the answer begins, so that a refusal is an answer of its own.
      const pages = pagesOf(ctx, filterOf(query));
      const first = await pages.next();
      const lines = (async function* () {
        if (format === 'csv') yield csvLine(COLUMNS);
        if (!first.done) yield linesOf(first.value, format);
        for await (const page of pages) yield linesOf(page, format);
      })();
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .header('cache-control', 'private, no-store')
        .send(Readable.from(lines));
    },
  );
}

const filterOf = ({ actor, action, object, from, to }: AuditExportQuery | AuditQuery): AuditFilter => ({
  actor,
  action,
  object,
  fromMs: msOf('from', from),
  toMs: msOf('to', to),
});

async function* pagesOf(ctx: Context, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  let cursor: string | undefined;
  for (let read = 0; read < MAX_AUDIT_ENTRIES * 2; read += PAGE) {
    const page: AuditList = await readAudit(ctx, filter, { limit: PAGE, cursor });
    yield page.entries;
    if (page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}

const linesOf = (entries: AuditEntry[], format: 'ndjson' | 'csv'): string =>
  entries.map((entry) => (format === 'csv' ? csvOf(entry) : `${JSON.stringify(entry)}\n`)).join('');

const csvOf = ({ id, at, actor, action, object, details, before, after, outcome }: AuditEntry): string =>
  csvLine([
    id,
    at,
    actor.kind,
    actor.key_id,
    actor.name,
    actor.session_id,
    action,
    object.type,
    object.id,
    JSON.stringify(details),
    before,
    after,
    outcome,
  ]);
