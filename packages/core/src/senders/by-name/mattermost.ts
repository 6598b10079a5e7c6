import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import { jsonAnswer, type Scheme } from '../scheme.js';

/**
 * Mattermost: outgoing webhooks and slash commands, as JSON or a form.
 * https://developers.mattermost.com/integrate/webhooks/outgoing/
 *
 * The token is in the body. A `text` in the answer is posted into the channel.
 */
export const mattermost: Scheme<SignatureConfigOf<'mattermost'>> = {
  docs: 'https://developers.mattermost.com/integrate/webhooks/outgoing/',
  steps: [
    'Product menu → Integrations → Outgoing Webhooks (or Slash Commands) → Add.',
    'Choose the channel or the trigger words. Callback URLs (or Request URL): the webhook URL. Save.',
    'Mattermost shows the token. Save it here.',
    'To post the result into the channel, set a `response` with wait_seconds and the body {"text": …}.',
  ],
  sample: {
    contentType: 'application/x-www-form-urlencoded',
    body:
      'channel_id=hawos4dqtby53pd64o4a4cmeoo&channel_name=town-square&team_domain=acme&' +
      'team_id=kwoknj9nwpypzgzy78wkw516qe&post_id=axdygg1957njfe5pu38saikdho&text=build+the+shop&' +
      'timestamp=1795896000&trigger_word=build&user_id=rnina9994bde8mua79zqcg5hmo&user_name=zoe&file_ids=',
  },
  event: { property: 'trigger_word' },
  proof: tokenProof(() => ({ property: 'token' })),
  reads: ['post_id', 'trigger_id'],
  deliveryId: ({ payload }) => valueAt(payload, 'post_id') ?? valueAt(payload, 'trigger_id'),
  answer: () => jsonAnswer({}),
};
