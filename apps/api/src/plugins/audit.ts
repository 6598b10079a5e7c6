import {
  type AuditedChange,
  beginAudit,
  type Caller,
  type Context,
  endAudit,
  type OpenAudit,
} from '@agenthook/core';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

/** Requests that only look, although their method could change something. */
const READS: ReadonlySet<string> = new Set([
  'previewPrompt',
  'testFilter',
  'testAgent',
  'checkTool',
  'countBulk',
]);

/** The kinds of objects, by the first part of a route's path. */
const TYPES: Record<string, string> = {
  agents: 'agent',
  tasks: 'task',
  keys: 'key',
  session: 'session',
  sessions: 'session',
  conversations: 'conversation',
  'notify-channels': 'channel',
  'alert-rules': 'alert_rule',
  pause: 'pause',
  resume: 'pause',
  callbacks: 'approval',
  ':token': 'approval',
};

/** Fields of bodies that an entry has: ids and words of the API, never content. */
const TOLD: Record<string, readonly string[]> = {
  decideApproval: ['decision'],
  createBulkJob: ['action'],
  shareTask: ['shows'],
  pause: ['scope', 'agent_id', 'provider'],
  resume: ['scope', 'agent_id', 'provider'],
};

/** Ids that a path may have. A token in a path is a secret. */
const isId = (name: string): boolean => name === 'id' || name.endsWith('_id');

const LINK: AuditedChange['actor'] = { kind: 'link', key_id: null, name: 'link', session_id: null };

/**
 * Writes the audit log: an entry for each request of a managed route that changes something, begun before the
 * change and ended before its answer. New routes are included without a line of their own. Requests that are
 * refused leave no entry. Register it before all routes.
 */
export function registerAudit(app: FastifyInstance, { ctx }: { ctx: Context }): void {
  app.decorateRequest('audit', undefined);
  app.addHook('onRoute', (route) => {
    const action = actionOf(route);
    if (action === undefined) return;
    const begin = async (request: FastifyRequest) => {
      request.audit = await beginAudit(ctx, changeOf(request, route.url, action));
    };
    const end = async (request: FastifyRequest, { statusCode }: FastifyReply, payload: unknown) => {
      const { audit } = request;
      if (!audit) return payload;
      request.audit = undefined;
      const isRefused = statusCode >= 400 && statusCode < 500;
      const outcome = statusCode < 400 ? 'done' : 'failed';
      await endAudit(ctx, audit, isRefused ? undefined : { outcome, object_id: idIn(payload) });
      return payload;
    };
    Object.assign(route, {
      preHandler: [begin, ...[route.preHandler ?? []].flat()],
      onSend: [...[route.onSend ?? []].flat(), end],
    });
  });
}

/** The action that a route's entries have; undefined for a route without entries. */
function actionOf({ method, config, schema, url }: RouteOptions): string | undefined {
  const methods = [method].flat();
  if (methods.every((each) => ['GET', 'HEAD', 'OPTIONS'].includes(each))) return undefined;
  if (config?.audit !== undefined) return config.audit;
  const { access } = config ?? {};
  if (access === undefined || access === 'public' || access === 'optional') return undefined;
  const { operationId = url } = (schema ?? {}) as { operationId?: string };
  return READS.has(operationId) ? undefined : operationId;
}

function changeOf(request: FastifyRequest, url: string, action: string): AuditedChange {
  const [, , name = ''] = url.split('/');
  const params = Object.entries((request.params ?? {}) as Record<string, unknown>).filter(([each]) =>
    isId(each),
  );
  const { id, ...rest } = Object.fromEntries(params) as Record<string, string | undefined>;
  const body = (request.body ?? {}) as Record<string, unknown>;
  const told = (TOLD[action] ?? []).filter((field) => typeof body[field] === 'string');
  return {
    actor: actorOf(request.caller),
    action,
    object: { type: TYPES[name] ?? name, id: id ?? null },
    details: { ...rest, ...Object.fromEntries(told.map((field) => [field, String(body[field])])) } as Record<
      string,
      string
    >,
  };
}

function actorOf(caller: Caller | undefined): AuditedChange['actor'] {
  if (!caller) return LINK;
  const { key_id, name, session_id = null } = caller;
  return { kind: key_id === null ? 'environment' : 'key', key_id, name, session_id };
}

/** The id of the object that an answer shows. */
function idIn(payload: unknown): string | undefined {
  if (typeof payload !== 'string' || !payload.startsWith('{')) return undefined;
  const { id } = JSON.parse(payload) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The action of the route's entries in the audit log, if it is no managed route. */
    audit?: string;
  }
  interface FastifyRequest {
    /** The entry of the change that the request makes. */
    audit: OpenAudit | undefined;
  }
}
