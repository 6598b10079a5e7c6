import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { echoed, type Scheme, textAnswer } from '../scheme.js';

/**
 * Dropbox. https://www.dropbox.com/developers/reference/webhooks
 *
 * An event names the accounts whose files changed, not the files. It has no id and no name.
 */
export const dropbox: Scheme<SignatureConfigOf<'dropbox'>> = {
  docs: 'https://www.dropbox.com/developers/reference/webhooks',
  steps: [
    'At dropbox.com/developers/apps, in the app: Settings → App secret. Save it here first.',
    'Webhooks → Webhook URIs: add the webhook URL. Dropbox sends a challenge; the URI is then Enabled.',
  ],
  sample: {
    body: {
      list_folder: { accounts: ['dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'] },
      delta: { users: [12_345_678] },
    },
  },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Dropbox-Signature', form: '64 hex digits' }),
  greet: ({ method, query }) => {
    const challenge = method === 'GET' ? echoed(new URLSearchParams(query).get('challenge')) : undefined;
    return challenge === undefined ? undefined : textAnswer(challenge);
  },
};
