import type { SignatureConfigOf } from '@agenthook/contracts';
import type { Scheme } from '../scheme.js';
import { answerToChallenge } from './challenge.js';

/** Any sender that does not sign, but tests the URL or names its deliveries. */
export const custom: Scheme<SignatureConfigOf<'custom'>> = {
  steps: [
    'At the sender, enter the webhook URL. It is the only credential: treat it like a password.',
    'If the sender tests the URL first, say below where its challenge is.',
  ],
  sample: { body: { question: 'Who sent this?' } },
  faultsOf: ({ challenge }) =>
    challenge?.hash === undefined
      ? []
      : [{ path: '/signature/challenge/hash', message: 'needs a secret: use the scheme hmac' }],
  idHeader: ({ id_header }) => id_header,
  greet: (request, { challenge }) => answerToChallenge(challenge, request, { secrets: [] }),
};
