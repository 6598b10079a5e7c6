import type { FastifyInstance, FastifyRequest } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** Returns the methods that the URL of a request has, sorted; none for an unknown URL. */
export type AllowedMethods = (request: FastifyRequest) => string[];

/**
 * Notes the methods of every route that is added from now on. A wildcard makes any URL exist, so it counts
 * only for the requests of which it says so.
 *
 * @param options the router's options, as Fastify has them, so that both read a URL alike
 */
export function noteAllowedMethods(app: FastifyInstance, options: object): AllowedMethods {
  const router = createRouter(options);
  const methods = new Set<HTTPMethod>();
  const wildcards: { methods: HTTPMethod[]; serves: Serves }[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const given = [method].flat() as HTTPMethod[];
    if (config?.serves) wildcards.push({ methods: given, serves: config.serves });
    if (url.endsWith('*') || config?.refuses) return;
    for (const each of given) {
      if (router.hasRoute(each, url)) continue;
      methods.add(each);
      router.on(each, url, () => undefined);
    }
  });
  return (request) => {
    const path = request.url.split('?', 1)[0] ?? request.url;
    const found = [...methods].filter((method) => router.find(method, path));
    const served = wildcards.filter(({ serves }) => serves(request)).flatMap((each) => each.methods);
    return [...new Set([...found, ...served])].sort();
  };
}

/** Whether a route with a wildcard would serve a request, were it a GET. */
type Serves = (request: FastifyRequest) => boolean;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route only refuses its methods. */
    refuses?: boolean;
    /** Of a wildcard: which URLs exist. */
    serves?: Serves;
  }
}
