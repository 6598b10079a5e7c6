import type { ProblemIssue, SignatureConfigOf } from '@agenthook/contracts';
import { type KeyKind, publicKeyProof, readPublicKey } from '../proofs/public-key.js';
import type { Scheme } from '../scheme.js';
import { answerToChallenge } from './challenge.js';
import { completeSigned, faultsOfSigned, withContent } from './signed.js';

type Config = SignatureConfigOf<'ed25519' | 'ecdsa' | 'rsa'>;

const schemeOf = <C extends Config>(kind: KeyKind, preset: 'hex' | 'base64'): Scheme<C> => ({
  steps: [
    'Paste the public key that the sender shows.',
    'Enter below which header contains the signature and what is signed.',
    'With a timestamp, old requests are refused, so a recorded request cannot be replayed.',
  ],
  sample: { body: { question: 'Who sent this?' } },
  proof: publicKeyProof(kind, (config: C) => ({
    ...withContent(config),
    encoding: config.encoding ?? preset,
  })),
  complete: completeSigned,
  faultsOf: (config) => [...faultsOfKeys(config, kind), ...faultsOfSigned(config)],
  idHeader: ({ id_header }) => id_header,
  greet: (request, { challenge }, secrets) => answerToChallenge(challenge, request, secrets),
});

/** Any sender that signs with an Ed25519 key. */
export const ed25519 = schemeOf<SignatureConfigOf<'ed25519'>>('ed25519', 'hex');
/** Any sender that signs with ECDSA and SHA-256; the signature is DER. */
export const ecdsa = schemeOf<SignatureConfigOf<'ecdsa'>>('ecdsa', 'base64');
/** Any sender that signs with RSA (PKCS #1 v1.5) and SHA-256. */
export const rsa = schemeOf<SignatureConfigOf<'rsa'>>('rsa', 'base64');

/** Why keys cannot be read. */
export function faultsOfKeys(
  config: { public_key: string; previous_public_key?: string },
  kind: KeyKind,
): ProblemIssue[] {
  const { public_key, previous_public_key } = config;
  return Object.entries({ public_key, previous_public_key }).flatMap(([field, text]) =>
    text === undefined || readPublicKey(text, kind) !== undefined
      ? []
      : [{ path: `/signature/${field}`, message: `is not a public key for ${kind}` }],
  );
}
