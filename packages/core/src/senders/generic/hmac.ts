import type { SignatureConfigOf } from '@agenthook/contracts';
import { type HmacRecipe, hmacProof } from '../proofs/hmac.js';
import { hashable, type Scheme } from '../scheme.js';
import { answerToChallenge } from './challenge.js';
import { completeSigned, faultOfContent, faultsOfSigned, withContent } from './signed.js';

type Config = SignatureConfigOf<'hmac'>;

const ENCODINGS = { text: 'utf8', hex: 'hex', base64: 'base64' } as const;
const FORMS = { text: /^/, hex: /^(?:[0-9a-fA-F]{2})+$/, base64: /^[A-Za-z0-9+/_-]+={0,2}$/ };

const recipeOf = (config: Config): HmacRecipe => ({
  ...withContent(config),
  encoding: config.encoding ?? 'hex',
  algorithm: config.algorithm ?? 'sha256',
  keyForm: config.secret_encoding ?? 'text',
  keysOf: (secret) => [Buffer.from(secret, ENCODINGS[config.secret_encoding ?? 'text'])],
});

const signed = hmacProof(recipeOf);

/**
 * Any sender that puts an HMAC of its body, and optionally of a time, into a header. The agent configures the
 * details.
 */
export const hmac: Scheme<Config> = {
  steps: [
    'Enter below which header contains the signature and what is signed.',
    'The sender computes an HMAC of the body’s exact bytes with the secret.',
    'With a timestamp, old requests are refused, so a recorded request cannot be replayed.',
    'With an id header, a retry of the same event does not start a second run.',
  ],
  generates: 'hex',
  sample: { body: { question: 'Who sent this?' } },
  proof: {
    ...signed,
    fault: (request, config, keys) =>
      config.challenge?.hash !== undefined && couldBeChallenge(request.body)
        ? 'the body could be a challenge'
        : signed.fault(request, config, keys),
  },
  complete: completeSigned,
  faultsOf: (config) => {
    const { secret, previous_secret, secret_encoding = 'text', content } = config;
    const issues = faultsOfSigned(config);
    for (const [field, value] of Object.entries({ secret, previous_secret })) {
      if (typeof value !== 'string') continue;
      if (!FORMS[secret_encoding].test(value))
        issues.push({ path: `/signature/${field}`, message: `is not ${secret_encoding}` });
      const told = faultOfContent(content, value);
      if (told !== undefined) issues.push({ path: '/signature/content', message: told });
    }
    return issues;
  },
  idHeader: ({ id_header }) => id_header,
  greet: (request, { challenge }, secrets) => answerToChallenge(challenge, request, secrets),
};

/**
 * Anyone who may ask for the HMAC of a challenge could use it as the signature of a body that is the same
 * text.
 */
const couldBeChallenge = (body: Buffer): boolean => hashable(body.toString('latin1', 0, 300)) !== undefined;
