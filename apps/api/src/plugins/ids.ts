import { detailOf, type ErrorCode, ID_PATTERNS, type IdKind } from '@agenthook/contracts';
import { AppError } from '@agenthook/core';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addProblems } from './describe.js';
import { prependHook } from './prepend-hook.js';

/** The kind of id in a path parameter, by the path segment before it. */
const BY_PATH: Readonly<Record<string, IdKind>> = {
  agents: 'agent',
  tasks: 'task',
  keys: 'api_key',
  sessions: 'session',
  conversations: 'conversation',
  documents: 'document',
  rejections: 'rejection',
  schedules: 'schedule',
  callbacks: 'delivery',
  bulk: 'bulk',
  shares: 'share',
  'notify-channels': 'channel',
  alerts: 'alert',
  'alert-rules': 'alert_rule',
};

/** The kind of id in a query parameter, by its name. */
const BY_QUERY: Readonly<Record<string, IdKind>> = {
  agent_id: 'agent',
  task_id: 'task',
  rule_id: 'alert_rule',
};

/**
 * Parameters that are not ids: tokens, error codes and calls are looked up, and the schema checks numbers.
 */
const NO_IDS = new Set([':token', ':version', ':code', ':index', ':call_id']);

const UNKNOWN: Record<IdKind, [ErrorCode, string]> = {
  agent: ['unknown_agent', 'There is no such agent.'],
  task: ['unknown_task', detailOf('unknown_task')],
  api_key: ['unknown_api_key', 'There is no such API key.'],
  session: ['unknown_session', detailOf('unknown_session')],
  conversation: ['unknown_conversation', detailOf('unknown_conversation')],
  document: ['unknown_document', 'The agent has no such document.'],
  rejection: ['unknown_rejection', 'The agent has no such rejection.'],
  schedule: ['unknown_schedule', 'The agent has no such schedule.'],
  delivery: ['unknown_delivery', detailOf('unknown_delivery')],
  share: ['unknown_share', detailOf('unknown_share')],
  bulk: ['unknown_bulk_job', detailOf('unknown_bulk_job')],
  channel: ['unknown_channel', detailOf('unknown_channel')],
  alert: ['unknown_alert', detailOf('unknown_alert')],
  alert_rule: ['unknown_alert_rule', detailOf('unknown_alert_rule')],
};

/** An id parameter of a route. */
interface IdParameter {
  from: 'params' | 'query';
  name: string;
  kind: IdKind;
}

/**
 * Checks the form of every id in a path or query, on all routes that are added from now on. An id with an
 * invalid form is answered as unknown. A route with a path parameter of an unlisted kind throws at startup.
 *
 * Runs after the body is validated, so that the same body error is reported for every id.
 */
export function registerIds(app: FastifyInstance): void {
  const shapes = Object.fromEntries(
    Object.entries(ID_PATTERNS).map(([kind, pattern]) => [kind, new RegExp(pattern)]),
  ) as Record<IdKind, RegExp>;

  app.addHook('onRoute', (route) => {
    // A preflight does not use the id.
    if (route.method === 'OPTIONS') return;
    const { querystring } = (route.schema ?? {}) as { querystring?: { properties?: object } };
    const parameters = [...inPath(route.url), ...inQuery(querystring?.properties ?? {})];
    if (parameters.length === 0) return;
    if (route.schema?.response)
      route.schema.response = addProblems(
        route.schema.response as Record<string, TSchema>,
        ...parameters.map(({ kind }) => UNKNOWN[kind][0]),
      );
    prependHook(route, 'preHandler', async (request: FastifyRequest) => {
      // The route reports the validation error itself.
      if (request.validationError) return;
      for (const { from, name, kind } of parameters) {
        const given = (request[from] as Record<string, unknown>)[name];
        for (const id of Array.isArray(given) ? given : [given])
          if (typeof id === 'string' && !shapes[kind].test(id)) throw new AppError(...UNKNOWN[kind]);
      }
    });
  });
}

function inPath(url: string): IdParameter[] {
  const parts = url.split('/');
  return parts.flatMap((part, n): IdParameter[] => {
    if (!part.startsWith(':') || NO_IDS.has(part)) return [];
    const kind = BY_PATH[parts[n - 1] ?? ''];
    if (kind === undefined) throw new Error(`${url}: plugins/ids.ts does not know what ${part} identifies`);
    return [{ from: 'params', name: part.slice(1), kind }];
  });
}

const inQuery = (properties: object): IdParameter[] =>
  Object.keys(properties).flatMap((name): IdParameter[] => {
    const kind = BY_QUERY[name];
    return kind === undefined ? [] : [{ from: 'query', name, kind }];
  });
