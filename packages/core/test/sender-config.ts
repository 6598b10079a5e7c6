import { generateKeyPairSync } from 'node:crypto';
import { SIGNATURE_SCHEMAS, type SignatureConfig, type SignatureScheme } from '@agenthook/contracts';

export const SCHEMES = Object.keys(SIGNATURE_SCHEMAS) as SignatureScheme[];

function pair(scheme: SignatureScheme) {
  if (['wise', 'rsa'].includes(scheme)) return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return ['sendgrid', 'ecdsa'].includes(scheme)
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('ed25519');
}

/** What the custom senders need in addition. */
const MORE: Partial<Record<SignatureScheme, object>> = {
  hmac: { header: 'X-Sum', id_header: 'X-Id' },
  token: { header: 'X-Token' },
  postmark: { username: 'postmark' },
  braintree: { merchant_public_key: 'our_public_key' },
  ed25519: { header: 'X-Sum' },
  ecdsa: { header: 'X-Sum' },
  rsa: { header: 'X-Sum' },
};
/** Secrets of a form of their own. The others accept any text. */
const SECRETS: Partial<Record<SignatureScheme, string>> = {
  telegram: 'whsec_c2VjcmV0',
  close: '0123456789abcdef',
  adyen: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
  teams: 'c2VjdXJpdHkgdG9rZW4gb2YgMzIgYnl0ZXMgbG9uZyE=',
};

/** A configuration with every field that a sender requires, and the key that its sender signs with. */
export function senderConfig(scheme: SignatureScheme): { config: SignatureConfig; key: string } {
  const { properties } = SIGNATURE_SCHEMAS[scheme] as { properties: object };
  const secret = SECRETS[scheme] ?? 'whsec_c2VjcmV0';
  const keys = 'public_key' in properties ? pair(scheme) : undefined;
  const config = {
    scheme,
    ...('secret' in properties && { secret }),
    ...('verify_token' in properties && { verify_token: 'our own token' }),
    ...(keys && { public_key: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString() }),
    ...MORE[scheme],
  } as SignatureConfig;
  return { config, key: keys?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() ?? secret };
}
