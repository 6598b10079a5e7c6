import type { EnterStep, TrustProxy } from '@agenthook/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The api's settings, in addition to its context. */
export interface ApiSettings {
  adminApiKey: string;
  /** Which routes the process serves. Default: all. */
  role?: string | undefined;
  defaultModel: string;
  /** The key for /metrics and the details of /readyz. undefined: they are open. */
  metricsKey?: string | undefined;
  /** The folder in which Redis keeps its data. undefined: it is not on this machine. */
  redisDataDir?: string | undefined;
  /** Whether the process is about to stop. undefined: never. */
  isStopping?: (() => boolean) | undefined;
  /** The folder of the built Studio. Without it, / redirects to the API's own page. */
  studioDist?: string | undefined;
  /** The URL by which callers reach the api, as far as `request` reveals it, without a trailing slash. */
  publicUrl: (request: FastifyRequest) => string;
  /** The same; undefined if only the request itself names it, because its sender may claim anything. */
  knownUrl?: ((request: FastifyRequest) => string | undefined) | undefined;
  /** Whether the environment says that callers reach the api by https. */
  isHttps?: boolean | undefined;
  /** The proxies whose X-Forwarded-… headers are trusted. undefined: none. */
  trustProxy?: TrustProxy | undefined;
  /** Puts requests into spans, if tracing is on. */
  trace?: ((app: FastifyInstance) => void) | undefined;
  /** Reports each request's current step to the watchdog. */
  enterStep?: EnterStep | undefined;
}
