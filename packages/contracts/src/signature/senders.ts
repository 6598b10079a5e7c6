import {
  optionalSecret,
  publicKey,
  secret,
  senderSchema as sender,
  tolerance,
  verifyToken,
} from './fields.js';

/**
 * The senders that are known by name, each with the fields it needs. What each does is in
 * core/src/senders/by-name, which does not compile while one of them is missing.
 */
export const NAMED_SENDERS = {
  discord: sender('discord', 'Discord', 'X-Signature-Ed25519. Interactions and webhook events.', {
    ...publicKey('Public Key', "The app's, of 64 hex digits."),
    ...tolerance,
  }),
  github: sender(
    'github',
    'GitHub',
    'X-Hub-Signature-256. Also forms, whose `payload` is unfolded.',
    secret(),
  ),
  gitlab: sender(
    'gitlab',
    'GitLab',
    'The signing token (webhook-signature), or the classic X-Gitlab-Token.',
    {
      ...secret('Signing token or secret token', 'A signing token begins with `whsec_`.'),
      ...tolerance,
    },
  ),
  jira: sender('jira', 'Jira', 'X-Hub-Signature, if the webhook has a secret.', optionalSecret()),
  meta: sender('meta', 'Meta', 'WhatsApp, Instagram, Messenger and Facebook pages. X-Hub-Signature-256.', {
    ...secret('App secret'),
    ...verifyToken('Verify token', 'A text of your own choice, by which Meta confirms the URL.'),
  }),
  shopify: sender(
    'shopify',
    'Shopify',
    'X-Shopify-Hmac-Sha256.',
    secret('Webhook signing secret', "An app's is its client secret."),
  ),
  slack: sender('slack', 'Slack', 'X-Slack-Signature. Events, slash commands and interactions.', {
    ...secret('Signing Secret'),
    ...tolerance,
  }),
  'standard-webhooks': sender(
    'standard-webhooks',
    'Standard Webhooks',
    'standardwebhooks.com, and Svix with its own header names.',
    { ...secret('Secret', '`whsec_` and base64, or any other text.'), ...tolerance },
  ),
  stripe: sender('stripe', 'Stripe', 'Stripe-Signature.', {
    ...secret('Signing secret', "The endpoint's, `whsec_…`."),
    ...tolerance,
  }),
} as const;
