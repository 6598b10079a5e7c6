import type { SignatureConfig } from '@agenthook/contracts';
import type { ProofKeys } from './proofs/proof.js';
import type { SenderRequest } from './scheme.js';
import { schemeOf } from './schemes.js';

/** Whether a configuration proves its sender. An optional secret may be missing. */
export function isProven(config: SignatureConfig): boolean {
  const { proof } = schemeOf(config);
  if (proof === undefined) return false;
  return proof.isKeyless === true || 'public_key' in config || ('secret' in config && !!config.secret);
}

/**
 * Verifies that a request is its sender's, over its raw bytes. Returns undefined if it was made with one of
 * `keys`; otherwise the fault, worded for the sender. Apart from the match itself, the result does not depend
 * on a key. Never throws because of a request's content.
 */
export const faultOfSignature = (
  config: SignatureConfig,
  keys: readonly string[],
  request: SenderRequest & { payload?: unknown },
  { nowMs, outside }: Pick<ProofKeys, 'nowMs' | 'outside'>,
): string | undefined | Promise<string | undefined> =>
  schemeOf(config).proof?.fault(request, config, { keys: keysOf(config, keys), nowMs, outside });

/** The keys of a configuration: its secrets in plain text, or its public keys, which are not secret. */
const keysOf = (config: SignatureConfig, secrets: readonly string[]): readonly string[] =>
  'public_key' in config
    ? [config.public_key, config.previous_public_key].filter((key) => key !== undefined)
    : secrets;
