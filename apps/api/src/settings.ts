import type { FastifyInstance } from 'fastify';

/** What the api needs to know beside its context. */
export interface ApiSettings {
  adminApiKey: string;
  defaultModel: string;
  /** The address under which callers reach the api, without a slash at the end. */
  publicUrl: () => string;
  /** The folder of the built Studio; where it is not built, / leads to the API's own page. */
  studioDist?: string | undefined;
  /** Puts requests into spans, where tracing is on. */
  trace?: ((app: FastifyInstance) => void) | undefined;
}
