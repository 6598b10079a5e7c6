import { SIGNATURE_SCHEMAS, type SignatureConfig } from '@agenthook/contracts';
import { schemeOf } from '../senders/schemes.js';
import { defaultsOf } from './defaults-of.js';

/** A signature with all defaults filled in, as it is stored and shown. */
export function completeSignature(given: SignatureConfig): SignatureConfig {
  const filled = { ...defaultsOf(SIGNATURE_SCHEMAS[given.scheme]), ...given } as SignatureConfig;
  return schemeOf(filled).complete?.(filled, given) ?? filled;
}
