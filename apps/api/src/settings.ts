import type { EnterStep, TrustProxy } from '@agenthook/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What the api needs to know beside its context. */
export interface ApiSettings {
  adminApiKey: string;
  defaultModel: string;
  /** Opens /metrics and the details of /readyz; undefined: they are open. */
  metricsKey?: string | undefined;
  /** The folder of the built Studio; where it is not built, / leads to the API's own page. */
  studioDist?: string | undefined;
  /** The address under which callers reach the api, as far as it can be told from `request`; without a slash at the end. */
  publicUrl: (request: FastifyRequest) => string;
  /** Whether callers reach the api by https, as far as the environment says. */
  isHttps?: boolean | undefined;
  /** Whose X-Forwarded-… headers count; undefined: nobody's. */
  trustProxy?: TrustProxy | undefined;
  /** Puts requests into spans, where tracing is on. */
  trace?: ((app: FastifyInstance) => void) | undefined;
  /** Told of what each request comes to, for the watchdog. */
  enterStep?: EnterStep | undefined;
}
