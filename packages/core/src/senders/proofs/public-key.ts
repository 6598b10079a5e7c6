import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { SignatureConfig } from '@agenthook/contracts';
import { writeHeaders, writeTime } from './hmac.js';
import type { Proof } from './proof.js';
import { contentsOf, type Given, proofHeaders, type RecipeOf, readProof, recipeOf } from './recipe.js';

export type KeyKind = 'ed25519' | 'ecdsa' | 'rsa';

/** DER of an Ed25519 key without its 32 bytes (RFC 8410, section 10.1). */
const ED25519_DER = Buffer.from('302a300506032b6570032100', 'hex');

/** Reads a public key as senders show it: PEM, DER as base64, or the 32 bytes of Ed25519 as hex or base64. */
export function readPublicKey(text: string, kind: KeyKind): KeyObject | undefined {
  const given = text.trim();
  try {
    const key = given.startsWith('-----BEGIN')
      ? createPublicKey(given)
      : createPublicKey({ key: derOf(given, kind), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === (kind === 'ecdsa' ? 'ec' : kind) ? key : undefined;
  } catch {
    return undefined;
  }
}

function derOf(given: string, kind: KeyKind): Buffer {
  const bytes = Buffer.from(given, /^[0-9a-fA-F]{64}$/.test(given) ? 'hex' : 'base64');
  return kind === 'ed25519' && bytes.length === 32 ? Buffer.concat([ED25519_DER, bytes]) : bytes;
}

/** Each of these reads the whole body again, unlike the signatures of an HMAC. */
const MOST_SIGNATURES = 4;

/** The proof by a signature whose public key the agent knows. `keys` are public keys. */
export function publicKeyProof<C extends SignatureConfig>(kind: KeyKind, recipe: RecipeOf<C>): Proof<C> {
  const digest = kind === 'ed25519' ? null : 'sha256';
  return {
    fault: (request, config, { keys, nowMs }) => {
      const used = recipeOf(recipe, config, request.headers);
      const given = readProof(used, request.headers, config, nowMs);
      if (typeof given === 'string') return given;
      if (given.signatures.length > MOST_SIGNATURES)
        return `${used.header} has more than ${MOST_SIGNATURES} signatures`;
      const contents = contentsOf(used, given, request, config).map(joined);
      const holds = keys
        .flatMap((text) => readPublicKey(text, kind) ?? [])
        .some((key) =>
          contents.some((content) =>
            given.signatures.some((one) => verify(digest, content, key, Buffer.from(one, used.encoding))),
          ),
        );
      return holds ? undefined : `${used.header} does not match the body and the public key of this agent`;
    },
    // The key is a private one here, which only tests have.
    sign: (request, config, key, { nowMs, id }) => {
      const used = recipeOf(recipe, config, {});
      const given: Given = { signatures: [], timestamp: writeTime(used, nowMs), id };
      const [parts = []] = contentsOf(used, given, request, config);
      return { headers: writeHeaders(used, sign(digest, joined(parts), key).toString(used.encoding), given) };
    },
    hides: (config) => ({ headers: proofHeaders(recipeOf(recipe, config, {})).slice(0, 1) }),
  };
}

const joined = (parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
