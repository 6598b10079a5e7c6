import { createHash, createHmac } from 'node:crypto';
import type { SignatureConfig } from '@agenthook/contracts';
import { smallJson } from '../scheme.js';
import { isSameDigest, oneFits } from './equal.js';
import type { Proof } from './proof.js';

/** Where a request has its token, and what the token must say. */
export interface JwtRecipe<C> {
  header: string;
  /** The text before the token, which may be missing. */
  prefix?: string;
  /** The claim with the SHA-256 of the body as hex. Without it, the token does not cover the body. */
  bodyClaim?: string;
  /** Why the claims of a token that is signed are refused. */
  faultOfClaims?(claims: unknown, config: C, nowMs: number): string | undefined;
  /** The claims of a token that we make. */
  claims(nowSeconds: number, id: string): object;
}

const JWT = /^([\w-]{1,500})\.([\w-]{1,4000})\.([\w-]{1,200})$/;

/**
 * The proof by a JSON Web Token that is signed with HMAC-SHA256, whatever its own header says.
 * https://www.rfc-editor.org/rfc/rfc7519
 */
export function jwtProof<C extends SignatureConfig>(recipe: JwtRecipe<C>): Proof<C> {
  const { header, prefix = '', bodyClaim } = recipe;
  return {
    ...(bodyClaim === undefined && { isToken: true }),
    fault: ({ headers, body }, config, { keys, nowMs }) => {
      const value = headers[header.toLowerCase()];
      if (value === undefined) return `${header} is missing`;
      const token = String(value);
      const [, head = '', claims = '', signature = ''] =
        JWT.exec(token.startsWith(prefix) ? token.slice(prefix.length) : token) ?? [];
      if (signature === '') return `${header} is not of the form of a JSON Web Token`;
      const holds = oneFits(keys, (key) => isSameDigest(signature, signatureOf(head, claims, key), 'base64'));
      if (!holds) return `${header} does not match the secret of this agent`;
      const said = smallJson(Buffer.from(claims, 'base64url'));
      if (bodyClaim !== undefined && !isSameDigest(claimOf(said, bodyClaim), sha256(body), 'hex'))
        return `${bodyClaim} of ${header} does not match the body`;
      return recipe.faultOfClaims?.(said, config, nowMs);
    },
    sign: ({ body }, _config, key, { nowMs, id }) => {
      const [head = '', claims = ''] = [
        { alg: 'HS256', typ: 'JWT' },
        {
          ...recipe.claims(Math.floor(nowMs / 1000), id),
          ...(bodyClaim !== undefined && { [bodyClaim]: sha256(body) }),
        },
      ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      return { headers: { [header]: `${prefix}${head}.${claims}.${signatureOf(head, claims, key)}` } };
    },
    hides: () => ({ headers: [header] }),
  };
}

/** A claim; empty if it is no text. */
export function claimOf(claims: unknown, name: string): string {
  const value = (claims as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

const signatureOf = (head: string, claims: string, key: string): string =>
  createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url');
