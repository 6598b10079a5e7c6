import { isoOrNull, type ListedSession, type Session, SessionInput, SessionList } from '@agenthook/contracts';
import {
  AppError,
  type Caller,
  type Context,
  endSession,
  findSession,
  listSessions,
  revokeSession,
  startSession,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Authenticator } from '../access/authenticator.js';
import { readSessionCookie, sessionCookie } from '../access/session-cookie.js';
import { answer, problems, withExamples } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';

const common = { tags: ['Access'] };

/** The body limit of the sign-in, in bytes. It is small because anyone may try. */
const SESSION_BYTES = 4 * 1024;

export const sessionExample: Session = {
  name: 'Dashboard',
  role: 'viewer',
  see_payloads: false,
  expires_at: '2026-11-22T21:00:00.000Z',
};

const startSchema = {
  ...common,
  operationId: 'startSession',
  summary: 'Sign a browser in',
  description:
    'Takes an API key and sets a session cookie, which is then accepted in place of the key. It works ' +
    'only from pages of this server, for 12 hours after its last use, at most 7 days, and never ' +
    'longer than the key itself.',
  body: withExamples(SessionInput, { key: { api_key: 'ahk_…' } }),
  response: {
    200: answer('Signed in.', Type.Ref('Session'), sessionExample),
    ...problems('invalid_request', 'unauthorized', 'too_many_failures', 'redis_unavailable'),
  },
};

const getSchema = {
  ...common,
  operationId: 'getSession',
  summary: 'Who am I?',
  description: 'The permissions of the session or key that came with the request.',
  response: { 200: answer('The signed-in caller.', Type.Ref('Session'), sessionExample) },
};

const endSchema = {
  ...common,
  operationId: 'endSession',
  summary: 'Sign a browser out',
  description: "Ends the cookie's session. The key that started it stays valid.",
  response: { 204: Type.Null({ description: 'Signed out.' }) },
};

const listExample: ListedSession = {
  id: 'ses_019ad5c0b1e07d3c0a91b2e4f506',
  name: 'Dashboard',
  role: 'viewer',
  key_id: 'key_7d3c0a91b2e4f5061728394a',
  started_at: '2026-11-22T09:00:00.000Z',
  last_used_at: '2026-11-22T09:10:00.000Z',
  expires_at: '2026-11-22T21:10:00.000Z',
  current: true,
};

const listSchema = {
  ...common,
  operationId: 'listSessions',
  summary: 'List browser sessions',
  description: 'Newest first. An admin sees all of them, others only those of their own key.',
  querystring: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Type.String({ description: 'The `next_cursor` of the previous page.' })),
  }),
  response: {
    200: answer('A page of sessions.', SessionList, { sessions: [listExample], next_cursor: null }),
    ...problems('invalid_request'),
  },
};

const revokeSchema = {
  ...common,
  operationId: 'revokeSession',
  summary: 'End a browser session',
  description:
    'The session ends at once. An admin may end any session, others only those of their own key. The ' +
    'key stays valid.',
  params: Type.Object({ id: Type.String({ description: 'For example `ses_…`.' }) }),
  response: { 204: Type.Null({ description: 'Signed out.' }), ...problems('unknown_session') },
};

export const sessionOf = ({ name, role, see_payloads, expires_ms }: Caller): Session => ({
  name,
  role,
  see_payloads,
  expires_at: isoOrNull(expires_ms),
});

/** /api/session: exchanges an API key for a cookie, for the Studio. */
export async function sessionRoutes(
  app: FastifyInstance,
  { ctx, settings, authenticator }: { ctx: Context; settings: ApiSettings; authenticator: Authenticator },
): Promise<void> {
  const setCookie = (reply: FastifyReply, token: string) =>
    reply.header('set-cookie', sessionCookie(token, settings.publicUrl(reply.request)));

  app.post<{ Body: SessionInput }>(
    '/api/session',
    { schema: startSchema, config: { access: 'public' }, bodyLimit: SESSION_BYTES },
    async (request, reply) => {
      const key = request.body.api_key.trim();
      const { key_id } = await authenticator.byKey(key, request.ip);
      const token = await startSession(ctx, key, key_id);
      const started = await findSession(ctx, token, settings.adminApiKey);
      if (!started) throw new AppError('unauthorized', 'The API key was revoked a moment ago.');
      return setCookie(reply, token).send(sessionOf(started.caller));
    },
  );

  const config = { access: 'viewer', withhold: 'nothing' } as const;

  app.get('/api/session', { schema: getSchema, config }, async ({ caller }) => sessionOf(caller as Caller));

  app.delete('/api/session', { schema: endSchema, config }, async (request, reply) => {
    const token = readSessionCookie(request.headers.cookie);
    if (token !== undefined) await endSession(ctx, token);
    return setCookie(reply, '').status(204).send();
  });

  app.get<{ Querystring: { limit: number; cursor?: string } }>(
    '/api/sessions',
    { schema: listSchema, config },
    ({ caller, query }) => listSessions(ctx, caller as Caller, query),
  );

  app.delete<{ Params: { id: string } }>(
    '/api/sessions/:id',
    { schema: revokeSchema, config },
    async ({ caller, params }, reply) => {
      await revokeSession(ctx, caller as Caller, params.id);
      return reply.status(204).send();
    },
  );
}
