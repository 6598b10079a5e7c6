import { SIGNATURE_SCHEMAS, type SignatureConfig } from '@agenthook/contracts';
import { schemeOf } from '../senders/schemes.js';

/** A signature with all defaults filled in, as it is stored and shown. */
export function completeSignature(given: SignatureConfig): SignatureConfig {
  const properties: Record<string, { default?: unknown }> = SIGNATURE_SCHEMAS[given.scheme].properties;
  const defaults = Object.entries(properties).flatMap(([name, { default: preset }]) =>
    preset === undefined ? [] : [[name, preset]],
  );
  const filled = { ...Object.fromEntries(defaults), ...given } as SignatureConfig;
  return schemeOf(filled).complete?.(filled, given) ?? filled;
}
