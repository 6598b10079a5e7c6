import type { FastifyInstance } from 'fastify';

/** What the api needs to know beside its context. */
export interface ApiSettings {
  adminApiKey: string;
  defaultModel: string;
  /** The address under which callers reach the api, without a slash at the end. */
  publicUrl: () => string;
  /** Puts requests into spans, where tracing is on. */
  trace?: ((app: FastifyInstance) => void) | undefined;
}
