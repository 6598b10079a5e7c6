import { detailOf, type ErrorCode, ROLES, type Role } from '@agenthook/contracts';
import { AppError, type Caller, type Context, findSession } from '@agenthook/core';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { Authenticator } from '../access/authenticator.js';
import { bearerOf } from '../access/bearer.js';
import { isOfAnotherOrigin, isSameOrigin } from '../access/same-origin.js';
import { readSessionCookie, sessionCookie } from '../access/session-cookie.js';
import type { ApiSettings } from '../settings.js';
import { addProblems } from './describe.js';
import { prependHook } from './prepend-hook.js';

const NO_KEYS_FROM_PAGES =
  'Pages of other origins call this route without an API key; the task id is enough.';
const FORBIDDEN_PAGES: [ErrorCode, string] = ['forbidden', NO_KEYS_FROM_PAGES];
const NO_KEY = detailOf('unauthorized');

/**
 * Guards each route according to its `config`, and adds the requirement to its description. At startup it
 * rejects a route below /api without `config.access`, and a route for viewers or operators without
 * `config.withhold`. Register it before all routes.
 */
export function registerAccess(
  app: FastifyInstance,
  { ctx, settings, authenticator }: { ctx: Context; settings: ApiSettings; authenticator: Authenticator },
): void {
  app.decorateRequest('caller', undefined);

  app.addHook('onRoute', (route) => {
    const { access, withhold } = route.config ?? {};
    const name = `${route.method} ${route.url}`;
    if (access === undefined) {
      if (route.url.startsWith('/api/')) throw new Error(`${name} declares no config.access`);
      return;
    }
    if (access === 'public') return;
    const hides = access === 'viewer' || access === 'operator';
    if (hides && withhold === undefined) throw new Error(`${name} declares no config.withhold`);

    prependHook(route, 'onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      const door = access === 'optional' ? 'open' : 'managed';
      request.caller = (await byHeader(request, door)) ?? (await byCookie(request, reply));
      if (access === 'optional') return;
      if (!request.caller) throw new AppError('unauthorized', NO_KEY);
      if (ROLES.indexOf(request.caller.role) < ROLES.indexOf(access)) {
        throw new AppError(
          'forbidden',
          `This needs a key with the role ${access}; yours has ${request.caller.role}.`,
        );
      }
    });
    if (typeof withhold === 'function') {
      prependHook(
        route,
        'preSerialization',
        async (request: FastifyRequest, _reply: unknown, answer: unknown) =>
          request.caller?.see_payloads ? answer : withhold(answer as never),
      );
    }
    if (!route.schema?.hide)
      route.schema = describe(route.schema ?? {}, access, typeof withhold === 'function');
  });

  async function byHeader(request: FastifyRequest, door: 'managed' | 'open'): Promise<Caller | undefined> {
    const { headers, ip } = request;
    if (headers.authorization === undefined) return undefined;
    // The key is not compared. Otherwise any page could try keys through its visitors' browsers.
    if (door === 'open' && isOfAnotherOrigin(request)) {
      throw new AppError('forbidden', NO_KEYS_FROM_PAGES);
    }
    const key = bearerOf(headers.authorization);
    return key === undefined ? undefined : await authenticator.byKey(key, ip, door);
  }

  async function byCookie(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> {
    const token = readSessionCookie(request.headers.cookie);
    if (token === undefined) return undefined;
    const session = await findSession(ctx, token, settings.adminApiKey);
    if (session === undefined) {
      reply.header('set-cookie', sessionCookie('', settings.publicUrl(request)));
      throw new AppError('unauthorized', 'The session has ended. Sign in again.');
    }
    if (!isSameOrigin(request)) {
      throw new AppError('forbidden', 'With a session, only pages of this server may make changes.');
    }
    if (session.renewed) reply.header('set-cookie', sessionCookie(token, settings.publicUrl(request)));
    return session.caller;
  }
}

/** Adds the route's requirements and errors to its description. */
function describe(schema: FastifySchema, access: Role | 'optional', withholds: boolean): FastifySchema {
  const needs =
    access === 'optional' ? 'Shows more with an API key.' : `Needs an API key with the role \`${access}\`.`;
  const hides = withholds ? ' Content is withheld from keys that may not see payloads.' : '';
  const response = addProblems(
    schema.response as Record<string, TSchema> | undefined,
    'unauthorized',
    access === 'optional' ? FORBIDDEN_PAGES : 'forbidden',
    'too_many_failures',
    'redis_unavailable',
  );
  return {
    ...schema,
    description: `${schema.description ?? ''} ${needs}${hides}`.trim(),
    security: [...(access === 'optional' ? [{}] : []), { apiKey: [] }, { session: [] }],
    response,
    ...{ 'x-required-role': access === 'optional' ? undefined : access },
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Who may call the route. `public`: everyone; credentials are ignored. `optional`: everyone; a valid key
     * sets `request.caller`, and a wrong key or a key sent by a page of another origin is refused. Otherwise
     * the role that the key must have.
     */
    access?: Role | 'public' | 'optional';
    /**
     * What is removed from the answer for a key that may not see payloads. Required on routes for viewers and
     * operators. `nothing`: the answer contains no content.
     */
    // The parameter is the answer of the route's own handler.
    withhold?: 'nothing' | ((answer: never) => unknown);
  }
  interface FastifyRequest {
    /** The owner of the key that came with the request. Set on every route that requires one. */
    caller: Caller | undefined;
  }
}
