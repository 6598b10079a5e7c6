import type { RouteOptions } from 'fastify';

/** Adds a hook before the route's own hooks. */
export function prependHook(
  route: RouteOptions,
  name: 'onRequest' | 'preHandler' | 'preSerialization',
  hook: unknown,
): void {
  Object.assign(route, { [name]: [hook, ...[route[name] ?? []].flat()] });
}
