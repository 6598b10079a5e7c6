import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import type { Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'docusign'>;

/** One header for each key that the account has. More than these would only cost time. */
const SIGNATURES = Array.from({ length: 10 }, (_, n) =>
  hmacProof<Config>({
    ...SHA256_BASE64,
    header: `X-DocuSign-Signature-${n + 1}`,
    form: '44 characters of base64',
  }),
);
const NAMES = SIGNATURES.map((_, n) => `X-DocuSign-Signature-${n + 1}`);

/** One of the signatures has to match. */
const oneOfThem: Proof<Config> = {
  ...(SIGNATURES[0] as Proof<Config>),
  fault: async (request, config, keys) => {
    const faults = await Promise.all(SIGNATURES.map(({ fault }) => fault(request, config, keys)));
    return faults.includes(undefined) ? undefined : faults[0];
  },
  hides: () => ({ headers: NAMES }),
};

/**
 * DocuSign Connect. https://developers.docusign.com/platform/webhooks/connect/validate
 *
 * An account may have several keys; each of them signs. Messages of the older format are XML, and signed
 * alike.
 */
export const docusign: Scheme<Config> = {
  docs: 'https://developers.docusign.com/platform/webhooks/connect/',
  steps: [
    'Settings → Connect → Connect Keys → Add Secret Key. Save it here first; DocuSign shows it once.',
    'Connect → Add Configuration → Custom. URL to Publish: the webhook URL. Data Format: REST v2.1 (JSON).',
    'Trigger Events: only those that the agent needs. Include HMAC Signature. Add Configuration.',
  ],
  sample: {
    body: {
      event: 'envelope-completed',
      apiVersion: 'v2.1',
      uri: '/restapi/v2.1/accounts/6f4e1c2a/envelopes/2b4c0b5e-9c6d-4a52-8f0e-0f6f3c1c2b7d',
      retryCount: 0,
      configurationId: 10_410_640,
      generatedDateTime: '2026-11-28T20:00:00.0000000Z',
      data: {
        accountId: '6f4e1c2a-2f0b-4a37-9c3b-0f6f3c1c2b7d',
        userId: '8d6f1c2a-2f0b-4a37-9c3b-0f6f3c1c2b7d',
        envelopeId: '2b4c0b5e-9c6d-4a52-8f0e-0f6f3c1c2b7d',
      },
    },
  },
  event: { property: 'event' },
  proof: oneOfThem,
  reads: ['event', 'generatedDateTime', 'data.envelopeId'],
  deliveryId: ({ payload }) => {
    const parts = ['event', 'generatedDateTime', 'data.envelopeId'].map((name) => valueAt(payload, name));
    return parts.includes(undefined) ? undefined : parts.join(' ');
  },
};
