import {
  iso,
  type Session,
  SIGN_IN_LINK_SECONDS,
  type SignInLink,
  SignInLinkInput,
} from '@agenthook/contracts';
import {
  AppError,
  type Context,
  createSignInLink,
  findSession,
  startSession,
  useSignInLink,
} from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { sessionCookie } from '../access/session-cookie.js';
import { answer, problems, withExamples } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';
import { sessionExample, sessionOf } from './session.js';

const common = { tags: ['Access'] };
/** In bytes. It is small because anyone may try. */
const LINK_BYTES = 1024;
const NO_LINK = 'The sign-in link is unknown, was used before, or has expired. Sign in with an API key.';

const makeSchema = {
  ...common,
  operationId: 'createSignInLink',
  summary: 'Make a sign-in link',
  description:
    `A link to the Studio that signs a browser in once, with the rights of ADMIN_API_KEY, within ` +
    `${SIGN_IN_LINK_SECONDS / 60} minutes. \`npm start\` prints one. Only ADMIN_API_KEY itself can make one.`,
  response: {
    201: answer('The link.', Type.Ref('SignInLink'), {
      url: 'https://hooks.example.com/sign-in#link=ahl_…',
      expires_at: '2026-11-22T09:15:00.000Z',
    } satisfies SignInLink),
  },
};

const useSchema = {
  ...common,
  operationId: 'useSignInLink',
  summary: 'Sign a browser in by a link',
  description: 'Uses the token of a sign-in link up, and sets a session cookie as POST /api/session does.',
  body: withExamples(SignInLinkInput, { link: { token: 'ahl_…' } }),
  response: {
    200: answer('Signed in.', Type.Ref('Session'), sessionExample),
    ...problems('invalid_request', ['unauthorized', NO_LINK], 'redis_unavailable'),
  },
};

/** /api/session/links: a one-time sign-in for the person at the machine. */
export async function signInLinkRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  app.post(
    '/api/session/links',
    {
      schema: makeSchema,
      config: { access: 'admin' },
    },
    async (request, reply): Promise<SignInLink> => {
      if (request.caller?.key_id !== null)
        throw new AppError('forbidden', 'Only ADMIN_API_KEY can make sign-in links.');
      const { token, expiresMs } = await createSignInLink(ctx, settings.adminApiKey);
      reply.status(201);
      return { url: `${settings.publicUrl(request)}/sign-in#link=${token}`, expires_at: iso(expiresMs) };
    },
  );

  app.post<{ Body: SignInLinkInput }>(
    '/api/session/links/use',
    { schema: useSchema, config: { access: 'public' }, bodyLimit: LINK_BYTES },
    async (request, reply): Promise<Session> => {
      if (!(await useSignInLink(ctx, request.body.token, settings.adminApiKey)))
        throw new AppError('unauthorized', NO_LINK);
      const token = await startSession(ctx, settings.adminApiKey, null);
      const started = await findSession(ctx, token, settings.adminApiKey);
      if (!started) throw new AppError('unauthorized', NO_LINK);
      reply.header('set-cookie', sessionCookie(token, settings.publicUrl(request)));
      return sessionOf(started.caller);
    },
  );
}
