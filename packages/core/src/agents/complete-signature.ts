import { DEFAULT_TOLERANCE_SECONDS, type SignatureConfig } from '@agenthook/contracts';

/** A signature with all defaults filled in, as it is stored and shown. */
export function completeSignature(given: SignatureConfig): SignatureConfig {
  const previous_secret = given.previous_secret ?? null;
  const tolerance_seconds =
    ('tolerance_seconds' in given ? given.tolerance_seconds : undefined) ?? DEFAULT_TOLERANCE_SECONDS;
  switch (given.scheme) {
    case 'github':
    case 'shopify':
      return { ...given, previous_secret };
    case 'standard-webhooks':
    case 'stripe':
    case 'slack':
      return { ...given, previous_secret, tolerance_seconds };
    case 'hmac': {
      const timed = given.timestamp_header !== undefined;
      return {
        algorithm: 'sha256',
        encoding: 'hex',
        prefix: '',
        content: timed ? '{timestamp}.{body}' : '{body}',
        ...given,
        previous_secret,
        ...(timed ? { tolerance_seconds } : {}),
      };
    }
  }
}
