import type { SignatureConfig } from '@agenthook/contracts';
import type { SenderRequest } from './scheme.js';
import { schemeOf } from './schemes.js';

/** Whether a configuration proves its sender. An optional secret may be missing. */
export const isProven = (config: SignatureConfig): boolean =>
  schemeOf(config).proof !== undefined && ('public_key' in config || ('secret' in config && !!config.secret));

/**
 * Verifies that a request is its sender's, over its raw bytes. Returns undefined if it was made with one of
 * `keys`; otherwise the fault, worded for the sender. Apart from the match itself, the result does not depend
 * on a key. Never throws because of a request's content.
 */
export const faultOfSignature = (
  config: SignatureConfig,
  keys: readonly string[],
  request: SenderRequest & { payload?: unknown },
  nowMs: number,
): string | undefined | Promise<string | undefined> =>
  schemeOf(config).proof?.fault(request, config, { keys: keysOf(config, keys), nowMs });

/** The keys of a configuration: its secrets in plain text, or its public keys, which are not secret. */
const keysOf = (config: SignatureConfig, secrets: readonly string[]): readonly string[] =>
  'public_key' in config
    ? [config.public_key, config.previous_public_key].filter((key) => key !== undefined)
    : secrets;
