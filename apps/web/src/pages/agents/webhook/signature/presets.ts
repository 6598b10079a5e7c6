import type { Agent } from '../../editor/draft/draft.js';

/** The senders that the form knows. */
const KNOWN = ['github', 'stripe', 'slack', 'shopify', 'standard-webhooks', 'hmac'] as const;
export type Scheme = (typeof KNOWN)[number];
export type Signature = Extract<NonNullable<Agent['signature']>, { scheme: Scheme }>;

/** A signature that the form knows; null for every other. */
export const knownSignature = (signature: Agent['signature']): Signature | null =>
  KNOWN.some((scheme) => scheme === signature?.scheme) ? (signature as Signature) : null;

interface Preset {
  label: string;
  /** The sender's own name for the secret. */
  secretLabel: string;
  /** Creates a secret, if we may choose it; otherwise the sender shows one. */
  makeSecret?: () => string;
  /** The setup steps at the sender, in the sender's terms. */
  steps: string[];
}

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const randomHex = (): string =>
  Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('');
/** Standard Webhooks, "Signature scheme": whsec_ and the base64 of 24 to 64 bytes. */
const randomWhsec = (): string => `whsec_${btoa(String.fromCharCode(...randomBytes(32)))}`;

/** How to set up each kind of sender. docs/guides has the details. */
export const PRESETS: Record<Scheme, Preset> = {
  github: {
    label: 'GitHub',
    secretLabel: 'Secret',
    makeSecret: randomHex,
    steps: [
      'In the repository: Settings → Webhooks → Add webhook.',
      'Payload URL: the webhook URL. Content type: application/json.',
      'Secret: the one you save here.',
      'Select only the events that the agent needs: each one starts a run.',
      'Add webhook. Under Recent Deliveries, its ping is answered {"message":"pong"}.',
    ],
  },
  stripe: {
    label: 'Stripe',
    secretLabel: 'Signing secret (whsec_…)',
    steps: [
      'Workbench → Webhooks → Add destination.',
      'Choose the events: each one starts a run. Endpoint URL: the webhook URL.',
      'On the new endpoint’s page: Signing secret → Reveal, and paste it here.',
      'Test mode and live mode have separate secrets.',
    ],
  },
  slack: {
    label: 'Slack',
    secretLabel: 'Signing Secret',
    steps: [
      'At api.slack.com/apps, in the app: Basic Information → App Credentials → Signing Secret. Save ' +
        'it here first.',
      'Event Subscriptions → Enable Events. Request URL: the webhook URL. Slack then shows Verified.',
      'Subscribe to bot events, such as app_mention. Save Changes.',
      'Install App, and invite it to a channel. Slash Commands may use the same URL.',
    ],
  },
  shopify: {
    label: 'Shopify',
    secretLabel: 'Webhook signing secret',
    steps: [
      'Settings → Notifications → Webhooks: the secret is below the list. Paste it here.',
      'An app uses its client secret instead.',
      'Create webhook: choose the event, format JSON, URL the webhook URL.',
      'Send test sends a made-up order, signed like a real one.',
    ],
  },
  'standard-webhooks': {
    label: 'Standard Webhooks',
    secretLabel: 'Secret (whsec_…)',
    makeSecret: randomWhsec,
    steps: [
      'For senders that follow standardwebhooks.com, including Svix.',
      'At the sender, add an endpoint with the webhook URL.',
      'Paste the secret that it shows. If it accepts your own, generate one here.',
    ],
  },
  hmac: {
    label: 'Custom HMAC',
    secretLabel: 'Secret',
    makeSecret: randomHex,
    steps: [
      'Enter below which header contains the signature and what is signed.',
      'The sender computes an HMAC of the body’s exact bytes with the secret.',
      'With a timestamp header, old requests are refused, so a recorded request cannot be replayed.',
      'With an id header, a retry of the same event does not start a second run.',
    ],
  },
};

export const SCHEMES = Object.keys(PRESETS) as Scheme[];
