import type { Agent } from '../../editor/draft/draft.js';

export type Signature = NonNullable<Agent['signature']>;
export type Scheme = Signature['scheme'];

interface Preset {
  label: string;
  /** What the sender calls its secret. */
  secretLabel: string;
  /** Makes a secret, where it is ours to choose; else the sender shows one. */
  makeSecret?: () => string;
  /** What to do at the sender, in its words. */
  steps: string[];
}

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const randomHex = (): string =>
  Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('');
/** Standard Webhooks, "Signature scheme": whsec_ and the base64 of 24 to 64 bytes. */
const randomWhsec = (): string => `whsec_${btoa(String.fromCharCode(...randomBytes(32)))}`;

/** How each kind of sender is set up; the guides in docs/guides say more. */
export const PRESETS: Record<Scheme, Preset> = {
  github: {
    label: 'GitHub',
    secretLabel: 'Secret',
    makeSecret: randomHex,
    steps: [
      'In the repository: Settings → Webhooks → Add webhook.',
      'Payload URL: the webhook URL. Content type: application/json.',
      'Secret: the one that you save here.',
      'Select only the events that the agent is for: each one is a run.',
      'Add webhook. Under Recent Deliveries, its ping is answered {"message":"pong"}.',
    ],
  },
  stripe: {
    label: 'Stripe',
    secretLabel: 'Signing secret (whsec_…)',
    steps: [
      'Workbench → Webhooks → Add destination.',
      'Choose the events: each one is a run. Endpoint URL: the webhook URL.',
      'On the page of the new endpoint: Signing secret → Reveal, and paste it here.',
      'Test mode and live mode have a secret each.',
    ],
  },
  slack: {
    label: 'Slack',
    secretLabel: 'Signing Secret',
    steps: [
      'At api.slack.com/apps, in the app: Basic Information → App Credentials → Signing Secret. Save it here first.',
      'Event Subscriptions → Enable Events. Request URL: the webhook URL; it turns Verified.',
      'Subscribe to bot events, such as app_mention. Save Changes.',
      'Install App, and invite it to a channel. Slash Commands may have the same URL.',
    ],
  },
  shopify: {
    label: 'Shopify',
    secretLabel: 'Secret that webhooks are signed with',
    steps: [
      'Settings → Notifications → Webhooks: below the list stands the secret. Paste it here.',
      'An app signs with its client secret instead.',
      'Create webhook: the event, format JSON, URL the webhook URL.',
      'Send test sends an order that is made up, signed as the real ones.',
    ],
  },
  'standard-webhooks': {
    label: 'Standard Webhooks',
    secretLabel: 'Secret (whsec_…)',
    makeSecret: randomWhsec,
    steps: [
      'For senders that follow standardwebhooks.com, Svix among them.',
      'At the sender, add an endpoint with the webhook URL.',
      'Paste the secret that it shows; or generate one here, where it takes yours.',
    ],
  },
  hmac: {
    label: 'Custom HMAC',
    secretLabel: 'Secret',
    makeSecret: randomHex,
    steps: [
      'Say below which header holds the signature and what is signed.',
      'The sender computes an HMAC of the body’s very bytes with the secret.',
      'With a timestamp header, old requests are refused: a recorded one can not be repeated.',
      'With an id header, a retry of the same delivery makes no second run.',
    ],
  },
};

export const SCHEMES = Object.keys(PRESETS) as Scheme[];
