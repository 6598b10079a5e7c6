import { createHmac } from 'node:crypto';
import type { SignatureConfig, Signing } from '@agenthook/contracts';
import { isSameDigest } from './equal.js';
import type { Proof } from './proof.js';
import {
  contentsOf,
  type Given,
  proofHeaders,
  type Recipe,
  type RecipeOf,
  readProof,
  recipeOf,
} from './recipe.js';

type Algorithm = 'sha1' | 'sha256' | 'sha512';

export interface HmacRecipe extends Recipe {
  algorithm: Algorithm;
  /** The keys that a secret may stand for; by default its own bytes. */
  keysOf?(secret: string): Buffer[];
  /** How that key follows from the secret, for programs. */
  keyForm?: 'text' | 'hex' | 'base64' | 'whsec';
}

/** The defaults that most senders share: SHA-256 of the body, as hex. */
export const SHA256_HEX = { algorithm: 'sha256', encoding: 'hex', content: '{body}' } as const;
export const SHA256_BASE64 = { algorithm: 'sha256', encoding: 'base64', content: '{body}' } as const;

/** The proof by an HMAC that comes in a header. */
export function hmacProof<C extends SignatureConfig>(
  recipe: RecipeOf<C, HmacRecipe>,
  more: Pick<Proof<C>, 'faultOfSecret'> = {},
): Proof<C> {
  return {
    fault: (request, config, { keys, nowMs }) => {
      const used = recipeOf(recipe, config, request.headers);
      const given = readProof(used, request.headers, config, nowMs);
      if (typeof given === 'string') return given;
      const contents = contentsOf(used, given, request, config);
      const holds = keys
        .flatMap((secret) => keysOf(used, secret))
        .some((key) =>
          contents.some((parts) => {
            const expected = digestOf(used, key, parts);
            return given.signatures.some((one) => isSameDigest(one, expected, used.encoding));
          }),
        );
      return holds ? undefined : `${used.header} does not match the body and the secret of this agent`;
    },
    sign: (request, config, secret, { nowMs, id }) => {
      const used = recipeOf(recipe, config, {});
      const given: Given = { signatures: [], timestamp: writeTime(used, nowMs), id };
      const [parts = []] = contentsOf(used, given, request, config);
      const [key = Buffer.alloc(0)] = keysOf(used, secret);
      return { headers: writeHeaders(used, digestOf(used, key, parts), given) };
    },
    hides: (config) => ({ headers: proofHeaders(recipeOf(recipe, config, {})).slice(0, 1) }),
    signing: (config) => signingOfHmac(recipeOf(recipe, config, {})),
    ...more,
  };
}

const keysOf = ({ keysOf: own }: HmacRecipe, secret: string): Buffer[] =>
  own?.(secret) ?? [Buffer.from(secret)];

function digestOf({ algorithm, encoding }: HmacRecipe, key: Buffer, parts: (string | Buffer)[]): string {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/** The time as the sender writes it. */
export const writeTime = ({ timeForm }: Recipe, nowMs: number): string =>
  timeForm === 'rfc3339' ? new Date(nowMs).toISOString() : String(nowMs / 1000);

/** The headers of a request that we sign ourselves. */
export function writeHeaders(recipe: Recipe, signature: string, { timestamp = '', id = '' }: Given) {
  const { header, prefix = '', timestampPrefix, timestampHeader, idHeader, separator = '' } = recipe;
  const time = timestampPrefix === undefined ? '' : timestampPrefix + timestamp + separator;
  return {
    [header]: `${time}${prefix}${signature}`,
    ...(timestampHeader === undefined ? {} : { [timestampHeader]: timestamp }),
    ...(idHeader === undefined ? {} : { [idHeader]: id }),
  };
}

/** How a program makes the signature of a recipe; undefined if only our code can. */
function signingOfHmac(recipe: HmacRecipe): Signing | undefined {
  const { header, prefix = '', separator = '', timestampHeader, timestampPrefix, idHeader } = recipe;
  const { algorithm, encoding, content, timeForm, keysOf, keyForm = keysOf ? undefined : 'text' } = recipe;
  const isWritable = typeof content === 'string' && !/\{(?:url|method)\}/.test(content);
  if (!isWritable || keyForm === undefined || (encoding !== 'hex' && encoding !== 'base64')) return undefined;
  const time = timestampPrefix === undefined ? '' : `${timestampPrefix}{timestamp}${separator}`;
  return {
    kind: 'hmac',
    algorithm,
    encoding,
    key: keyForm,
    content,
    time: timeForm === 'rfc3339' ? 'rfc3339' : 'unix',
    headers: {
      [header]: `${time}${prefix}{signature}`,
      ...(timestampHeader !== undefined && { [timestampHeader]: '{timestamp}' }),
      ...(idHeader !== undefined && { [idHeader]: '{id}' }),
    },
  };
}
