import { ROLES, type Role } from '@agenthook/contracts';
import { AppError, type Caller, type Context } from '@agenthook/core';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { createAuthenticator } from '../access/authenticator.js';
import { problems } from '../routes/describe.js';
import type { ApiSettings } from '../settings.js';

const BEARER = /^bearer +(\S+) *$/i;
const NO_KEY = 'This route needs an API key: send "Authorization: Bearer <key>".';

/**
 * Guards each route by what its `config` declares; one below /api that declares nothing is refused when the process
 * starts, and so is one for viewers or operators that does not say what is withheld from keys that may not see payloads.
 * What a route declares is also what its description says. To be registered before all routes.
 */
export function registerAccess(app: FastifyInstance, ctx: Context, settings: ApiSettings): void {
  const authenticator = createAuthenticator(ctx, settings.adminApiKey);
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

    prepend(route, 'onRequest', async (request: FastifyRequest) => {
      request.caller = await identify(request);
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
      prepend(route, 'preSerialization', async (request: FastifyRequest, _reply: unknown, answer: unknown) =>
        request.caller?.see_payloads ? answer : withhold(answer as never),
      );
    }
    if (!route.schema?.hide)
      route.schema = describe(route.schema ?? {}, access, typeof withhold === 'function');
  });

  async function identify(request: FastifyRequest): Promise<Caller | undefined> {
    const { authorization } = request.headers;
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
    return key === undefined ? undefined : await authenticator.byKey(key, request.ip);
  }
}

/** Puts a hook in front of a route's own. */
function prepend(route: RouteOptions, name: 'onRequest' | 'preSerialization', hook: unknown): void {
  Object.assign(route, { [name]: [hook, ...[route[name] ?? []].flat()] });
}

/** A route's description with what it needs and how it may refuse. */
function describe(schema: FastifySchema, access: Role | 'optional', withholds: boolean): FastifySchema {
  const needs =
    access === 'optional' ? 'Shows more with an API key.' : `Needs an API key with the role \`${access}\`.`;
  const hides = withholds ? ' Content is withheld from keys that may not see payloads.' : '';
  const refusals = problems(
    'unauthorized',
    ...(access === 'optional' ? [] : (['forbidden'] as const)),
    'too_many_failures',
    'redis_unavailable',
  );
  const response = { ...(schema.response as Record<string, TSchema>) };
  for (const [status, refusal] of Object.entries(refusals))
    response[status] = both(response[status], refusal);
  return {
    ...schema,
    description: `${schema.description ?? ''} ${needs}${hides}`.trim(),
    security: [...(access === 'optional' ? [{}] : []), { apiKey: [] }],
    response,
    ...{ 'x-required-role': access === 'optional' ? undefined : access },
  };
}

/** One answer of the description out of two of the same status. */
function both(first: TSchema | undefined, second: TSchema): TSchema {
  if (first === undefined) return second;
  const type = 'application/problem+json';
  const examples = { ...first.content[type].examples, ...second.content[type].examples };
  return {
    ...first,
    description: Object.keys(examples)
      .map((code) => `\`${code}\``)
      .join(', '),
    content: { [type]: { ...first.content[type], examples } },
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Who may call the route: `public` everyone, and no credential is looked at; `optional` everyone, but
     * `request.caller` is set where there is a key, and a wrong one is refused; else the role that a key must have.
     */
    access?: Role | 'public' | 'optional';
    /**
     * What becomes of the route's answer for a key that may not see payloads. To be declared for viewers' and
     * operators' routes: `nothing` where the answer has neither payloads nor what came of them.
     */
    // Each route's function takes what its own handler returns.
    withhold?: 'nothing' | ((answer: never) => unknown);
  }
  interface FastifyRequest {
    /** Whose key came with the request. Set on every route that needs one. */
    caller: Caller | undefined;
  }
}
