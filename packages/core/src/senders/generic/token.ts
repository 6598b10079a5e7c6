import type { SignatureConfigOf } from '@agenthook/contracts';
import { type TokenPlace, tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';
import { answerToChallenge } from './challenge.js';

type Config = SignatureConfigOf<'token'>;

function placeOf({ header, prefix, username, query, property }: Config): TokenPlace {
  if (header !== undefined) return { header, prefix };
  if (property !== undefined) return { property };
  return username !== undefined ? { username } : { query: query ?? '' };
}

/** Any sender that sends a fixed token. It proves the sender, but not that the body is unchanged. */
export const token: Scheme<Config> = {
  steps: [
    'Choose a long random token, and save it here.',
    'At the sender, set it as a header, as the password of HTTP Basic, or as a parameter of the webhook URL.',
    'Senders that put a token of their own into each body: save theirs, and the name of its property or form field.',
    'Use https: a token in a request is as readable as the request.',
  ],
  generates: 'hex',
  sample: { body: { question: 'Who sent this?' } },
  proof: tokenProof(placeOf),
  faultsOf: ({ header, prefix, username, query, property }) => {
    const given = [header, username, query, property].filter((place) => place !== undefined).length;
    return [
      ...(given === 1
        ? []
        : [
            {
              path: '/signature/header',
              message: 'or username, query or property must be set, and only one of them',
            },
          ]),
      ...(prefix !== undefined && header === undefined
        ? [{ path: '/signature/prefix', message: 'needs a header' }]
        : []),
    ];
  },
  idHeader: ({ id_header }) => id_header,
  greet: (request, { challenge }, secrets) => answerToChallenge(challenge, request, secrets),
};
