import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** Returns the methods that a URL has, sorted; none for an unknown URL. */
export type AllowedMethods = (url: string) => string[];

/**
 * Notes the methods of every route that is added from now on. A wildcard does not count, because it makes
 * any URL exist.
 *
 * @param options the router's options, as Fastify has them, so that both read a URL alike
 */
export function noteAllowedMethods(app: FastifyInstance, options: object): AllowedMethods {
  const router = createRouter(options);
  const methods = new Set<HTTPMethod>();
  app.addHook('onRoute', ({ method, url, config }) => {
    if (url.endsWith('*') || config?.refuses) return;
    for (const each of [method].flat() as HTTPMethod[]) {
      if (router.hasRoute(each, url)) continue;
      methods.add(each);
      router.on(each, url, () => undefined);
    }
  });
  return (url) => {
    const path = url.split('?', 1)[0] ?? url;
    return [...methods].filter((method) => router.find(method, path)).sort();
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route only refuses its methods. */
    refuses?: boolean;
  }
}
