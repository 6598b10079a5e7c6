import type { RouteOptions } from 'fastify';

/** Puts a hook in front of a route's own. */
export function prependHook(
  route: RouteOptions,
  name: 'onRequest' | 'preHandler' | 'preSerialization',
  hook: unknown,
): void {
  Object.assign(route, { [name]: [hook, ...[route[name] ?? []].flat()] });
}
