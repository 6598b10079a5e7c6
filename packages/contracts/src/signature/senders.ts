import { Type } from '@sinclair/typebox';
import {
  baseUrl,
  header,
  needsUserName,
  optionalSecret,
  publicKey,
  secret,
  secretHeader,
  senderSchema as sender,
  tolerance,
  toleranceOf,
  userName,
  verifyToken,
} from './fields.js';

/**
 * The senders that are known by name, each with the fields it needs. What each does is in
 * core/src/senders/by-name, which does not compile while one of them is missing.
 */
export const NAMED_SENDERS = {
  adyen: sender(
    'adyen',
    'Adyen',
    'The signature in each item of a payment, or HmacSignature of the events of a platform.',
    secret('HMAC key', '64 hex digits.'),
  ),
  alertmanager: sender(
    'alertmanager',
    'Alertmanager',
    'The token of `authorization`, or the password of `basic_auth`, in the http_config of its webhook.',
    { ...secret('Token or password'), ...userName },
  ),
  asana: sender(
    'asana',
    'Asana',
    'X-Hook-Signature.',
    optionalSecret(
      'X-Hook-Secret',
      'Asana makes it, and returns it when the webhook is created. Events are refused until it is saved.',
    ),
  ),
  'azure-devops': sender('azure-devops', 'Azure DevOps', 'Service hooks. The password of HTTP Basic.', {
    ...secret('Password'),
    ...userName,
  }),
  bitbucket: sender('bitbucket', 'Bitbucket', 'X-Hub-Signature. Cloud and Data Center.', secret()),
  braintree: sender(
    'braintree',
    'Braintree',
    'The bt_signature in the form. The payload is the XML of the notification.',
    {
      ...secret('Private key'),
      merchant_public_key: Type.String({
        title: 'Public key',
        pattern: '^[A-Za-z0-9_-]{1,100}$',
        description: 'The public key beside the private key. It names the signature, and is not secret.',
      }),
    },
  ),
  buildkite: sender('buildkite', 'Buildkite', 'X-Buildkite-Signature, or the token in X-Buildkite-Token.', {
    ...secret('Token'),
    ...tolerance,
  }),
  calcom: sender('calcom', 'Cal.com', 'X-Cal-Signature-256.', secret()),
  calendly: sender('calendly', 'Calendly', 'Calendly-Webhook-Signature.', {
    ...secret('Signing key'),
    ...tolerance,
  }),
  circleci: sender('circleci', 'CircleCI', 'circleci-signature.', secret('Secret token')),
  clickup: sender(
    'clickup',
    'ClickUp',
    'X-Signature.',
    secret('Secret', 'The secret of the webhook, which the API returns.'),
  ),
  close: sender('close', 'Close', 'close-sig-hash.', {
    ...secret('Signature key', 'Hex digits.'),
    ...tolerance,
  }),
  cloudflare: sender('cloudflare', 'Cloudflare', 'Notifications. The secret in cf-webhook-auth.', secret()),
  'coinbase-commerce': sender(
    'coinbase-commerce',
    'Coinbase Commerce',
    'X-CC-Webhook-Signature.',
    secret('Shared secret'),
  ),
  contentful: sender(
    'contentful',
    'Contentful',
    'X-Contentful-Signature, over the path, some headers and the body.',
    { ...secret('Signing secret', '64 characters.'), ...tolerance, ...baseUrl },
  ),
  customerio: sender('customerio', 'Customer.io', 'X-CIO-Signature.', {
    ...secret('Webhook signing key'),
    ...tolerance,
  }),
  discord: sender('discord', 'Discord', 'X-Signature-Ed25519. Interactions and webhook events.', {
    ...publicKey('Public Key', "The app's, of 64 hex digits."),
    ...tolerance,
  }),
  docusign: sender('docusign', 'DocuSign', 'X-DocuSign-Signature-1, -2 and so on.', secret('Connect key')),
  dropbox: sender('dropbox', 'Dropbox', 'X-Dropbox-Signature.', secret('App secret')),
  'dropbox-sign': sender(
    'dropbox-sign',
    'Dropbox Sign',
    'The event_hash in the event, which covers its time and name alone. Formerly HelloSign.',
    secret('API key', "An app's events are signed with the API key of its account."),
  ),
  eventgrid: sender(
    'eventgrid',
    'Azure Event Grid',
    'Its own schema and CloudEvents. It does not sign; a delivery property of the subscription can be a secret.',
    { ...optionalSecret('Secret delivery property'), ...secretHeader },
  ),
  figma: sender(
    'figma',
    'Figma',
    'The passcode in the body. It is masked in the payload.',
    secret('Passcode'),
  ),
  front: sender('front', 'Front', 'X-Front-Signature of the webhooks of an app.', {
    ...secret('App secret'),
    ...tolerance,
  }),
  ghost: sender('ghost', 'Ghost', 'X-Ghost-Signature.', { ...secret(), ...tolerance }),
  gitea: sender(
    'gitea',
    'Gitea, Forgejo',
    'X-Gitea-Signature. Also forms, whose `payload` is unfolded.',
    secret(),
  ),
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
  'google-push': sender(
    'google-push',
    'Google Calendar and Drive',
    'X-Goog-Channel-Token. An event is in the headers; its body is empty.',
    optionalSecret('Channel token'),
  ),
  grafana: sender(
    'grafana',
    'Grafana',
    'X-Grafana-Alerting-Signature, or a token or password in Authorization.',
    {
      ...secret('Secret', 'The secret of the HMAC signature, the token or the password.'),
      ...userName,
      ...tolerance,
      timestamp_header: Type.Optional(
        header(
          'Timestamp header',
          'The one that the contact point names for its HMAC signature, if it does.',
        ),
      ),
    },
  ),
  graph: sender('graph', 'Microsoft Graph', 'The clientState of each notification.', secret('clientState')),
  helpscout: sender('helpscout', 'Help Scout', 'X-HelpScout-Signature, by SHA-1.', secret('Secret key')),
  hubspot: sender('hubspot', 'HubSpot', 'X-HubSpot-Signature-v3, or version 1 or 2 of X-HubSpot-Signature.', {
    ...secret('Client secret'),
    ...tolerance,
    ...baseUrl,
  }),
  intercom: sender('intercom', 'Intercom', 'X-Hub-Signature, by SHA-1.', secret('Client secret')),
  jira: sender('jira', 'Jira', 'X-Hub-Signature, if the webhook has a secret.', optionalSecret()),
  kofi: sender(
    'kofi',
    'Ko-fi',
    'The verification_token in the `data` of the form, which is unfolded. It is masked in the payload.',
    secret('Verification token'),
  ),
  lark: sender('lark', 'Lark, Feishu', 'X-Lark-Signature. Events are encrypted.', {
    ...secret('Encrypt Key'),
    ...tolerance,
  }),
  lemonsqueezy: sender('lemonsqueezy', 'Lemon Squeezy', 'X-Signature.', secret('Signing secret')),
  line: sender('line', 'LINE', 'x-line-signature.', secret('Channel secret')),
  linear: sender('linear', 'Linear', 'Linear-Signature, with the time in the body.', {
    ...secret('Signing secret', '`lin_wh_…`.'),
    ...tolerance,
  }),
  mailgun: sender(
    'mailgun',
    'Mailgun',
    'The signature in the body of an event or of a received mail. It covers a time and a random token alone.',
    // An event may be repeated for 8 hours.
    { ...secret('HTTP webhook signing key'), ...toleranceOf(36_000) },
  ),
  mandrill: sender(
    'mandrill',
    'Mailchimp Transactional (Mandrill)',
    'X-Mandrill-Signature, by SHA-1 of the URL and the form.',
    { ...optionalSecret('Webhook key', 'Events are refused until it is saved.'), ...baseUrl },
  ),
  mattermost: sender(
    'mattermost',
    'Mattermost',
    'The token in the body of an outgoing webhook or slash command. It is masked in the payload.',
    secret('Token', 'Mattermost generates it.'),
  ),
  meta: sender('meta', 'Meta', 'WhatsApp, Instagram, Messenger and Facebook pages. X-Hub-Signature-256.', {
    ...secret('App secret'),
    ...verifyToken('Verify token', 'A text of your own choice, with which Meta confirms the URL.'),
  }),
  mollie: sender(
    'mollie',
    'Mollie',
    'X-Mollie-Signature, of webhooks with events. Those of a single payment are not signed.',
    secret('Signing secret'),
  ),
  monday: sender(
    'monday',
    'monday.com',
    'The token in Authorization, for webhooks of an app. Others are not signed.',
    optionalSecret('Signing secret'),
  ),
  netlify: sender('netlify', 'Netlify', 'The token in X-Webhook-Signature.', secret('JWS secret token')),
  notion: sender(
    'notion',
    'Notion',
    'X-Notion-Signature.',
    optionalSecret(
      'Verification token',
      'Notion makes it, and posts it to the webhook URL. Events are refused until it is saved.',
    ),
  ),
  nylas: sender(
    'nylas',
    'Nylas',
    'X-Nylas-Signature.',
    optionalSecret('Webhook secret', 'Events are refused until it is saved.'),
  ),
  okta: sender('okta', 'Okta', 'Event hooks. Okta does not sign; it sends a secret header.', {
    ...secret('Authentication secret'),
    ...secretHeader,
  }),
  paddle: sender('paddle', 'Paddle', 'Paddle-Signature. Paddle Billing, not Classic.', {
    ...secret('Secret key', 'The key of the notification destination, `pdl_ntfset_…`.'),
    ...tolerance,
  }),
  pagerduty: sender('pagerduty', 'PagerDuty', 'X-PagerDuty-Signature. Webhooks of version 3.', secret()),
  plivo: sender('plivo', 'Plivo', 'X-Plivo-Signature-V3, over the URL and the sorted fields.', {
    ...secret('Auth Token'),
    ...baseUrl,
  }),
  postmark: sender(
    'postmark',
    'Postmark',
    'Bounces, deliveries and received mails. The password of HTTP Basic.',
    { ...secret('Password'), ...needsUserName },
  ),
  pusher: sender(
    'pusher',
    'Pusher Channels',
    'X-Pusher-Signature.',
    secret('Secret', 'The secret of the app key.'),
  ),
  razorpay: sender('razorpay', 'Razorpay', 'X-Razorpay-Signature.', secret()),
  recurly: sender('recurly', 'Recurly', 'recurly-signature.', {
    ...secret('Signature secret'),
    ...tolerance,
  }),
  rocketchat: sender(
    'rocketchat',
    'Rocket.Chat',
    'The token in the body of an outgoing webhook. It is masked in the payload.',
    secret('Token'),
  ),
  salesforce: sender(
    'salesforce',
    'Salesforce',
    'Outbound messages. Salesforce does not sign; it gets the Ack that it waits for.',
    {},
  ),
  sanity: sender('sanity', 'Sanity', 'sanity-webhook-signature.', { ...secret(), ...tolerance }),
  segment: sender('segment', 'Segment', 'X-Signature, by SHA-1.', secret('Shared secret')),
  sendgrid: sender('sendgrid', 'SendGrid', 'X-Twilio-Email-Event-Webhook-Signature, by ECDSA.', {
    ...publicKey('Verification key', 'The key that SendGrid shows.'),
    ...tolerance,
  }),
  sentry: sender(
    'sentry',
    'Sentry',
    'Sentry-Hook-Signature.',
    secret('Client Secret', 'The secret of the integration.'),
  ),
  shopify: sender(
    'shopify',
    'Shopify',
    'X-Shopify-Hmac-Sha256.',
    secret('Webhook signing secret', 'For an app, its client secret.'),
  ),
  slack: sender('slack', 'Slack', 'X-Slack-Signature. Events, slash commands and interactions.', {
    ...secret('Signing Secret'),
    ...tolerance,
  }),
  sns: sender('sns', 'Amazon SNS', "The signature in the message, by SNS's certificate.", {
    topic_arn: Type.String({
      title: 'Topic ARN',
      pattern:
        '^arn:aws(-[a-z]{2,10}){0,2}:sns:[a-z]{2,6}(-[a-z]{2,12}){1,3}-\\d{1,2}:\\d{12}:[A-Za-z0-9_.-]{1,256}$',
      description: 'The topic whose messages are accepted, because SNS signs those of any topic.',
    }),
  }),
  square: sender('square', 'Square', 'x-square-hmacsha256-signature, over the URL and the body.', {
    ...secret('Signature key', 'The key of the subscription.'),
    ...baseUrl,
  }),
  'standard-webhooks': sender(
    'standard-webhooks',
    'Standard Webhooks',
    'standardwebhooks.com, and Svix with its own header names.',
    { ...secret('Secret', '`whsec_` and base64, or any other text.'), ...tolerance },
  ),
  strava: sender(
    'strava',
    'Strava',
    'Strava does not sign. It confirms the URL with a verify token.',
    verifyToken('Verify token', 'A text of your own choice, with which Strava confirms the URL.'),
  ),
  stripe: sender('stripe', 'Stripe', 'Stripe-Signature.', {
    ...secret('Signing secret', "The endpoint's, `whsec_…`."),
    ...tolerance,
  }),
  supabase: sender(
    'supabase',
    'Supabase',
    'Database webhooks with a token in Authorization, and Auth Hooks.',
    {
      ...secret('Token or hook secret', 'A token of your own, or the secret of the hook, `v1,whsec_…`.'),
      ...tolerance,
    },
  ),
  svix: sender('svix', 'Svix', 'svix-signature: Standard Webhooks under names of its own.', {
    ...secret('Signing Secret', '`whsec_` and base64.'),
    ...tolerance,
  }),
  teams: sender(
    'teams',
    'Microsoft Teams',
    'Outgoing webhooks, which sign in Authorization.',
    secret('Security token'),
  ),
  telegram: sender(
    'telegram',
    'Telegram',
    'X-Telegram-Bot-Api-Secret-Token. A token, which does not cover the body.',
    secret('Secret token', 'The `secret_token` of setWebhook.'),
  ),
  telnyx: sender('telnyx', 'Telnyx', 'telnyx-signature-ed25519.', {
    ...publicKey('Public key', 'As the portal shows it, in base64.'),
    ...tolerance,
  }),
  trello: sender('trello', 'Trello', 'X-Trello-Webhook, by SHA-1 of the body and the URL.', {
    ...secret('API secret'),
    ...baseUrl,
  }),
  twilio: sender('twilio', 'Twilio', 'X-Twilio-Signature, over the URL and the sorted fields.', {
    ...secret('Auth Token', 'The token of the account.'),
    ...baseUrl,
  }),
  twitch: sender('twitch', 'Twitch', 'Twitch-Eventsub-Message-Signature.', {
    ...secret(),
    ...toleranceOf(600),
  }),
  typeform: sender('typeform', 'Typeform', 'Typeform-Signature.', secret()),
  vercel: sender(
    'vercel',
    'Vercel',
    'x-vercel-signature, by SHA-1.',
    secret('Secret', 'An integration signs with its client secret.'),
  ),
  vonage: sender('vonage', 'Vonage', 'The token in Authorization.', {
    ...secret('Signature secret'),
    ...tolerance,
  }),
  webflow: sender('webflow', 'Webflow', 'x-webflow-signature.', { ...secret('Secret key'), ...tolerance }),
  wechat: sender(
    'wechat',
    'WeChat',
    'The signature in the query, which covers a time and a random text alone. Plain text mode.',
    { ...secret('Token'), ...tolerance },
  ),
  wise: sender(
    'wise',
    'Wise',
    'X-Signature-SHA256, by RSA.',
    publicKey('Public key', "Wise's, as its page shows it for production or the sandbox."),
  ),
  woocommerce: sender('woocommerce', 'WooCommerce', 'X-WC-Webhook-Signature.', secret()),
  xero: sender('xero', 'Xero', 'x-xero-signature.', secret('Webhooks key')),
  zendesk: sender('zendesk', 'Zendesk', 'X-Zendesk-Webhook-Signature.', {
    ...secret('Signing secret'),
    ...tolerance,
  }),
  zoom: sender('zoom', 'Zoom', 'x-zm-signature.', { ...secret('Secret Token'), ...tolerance }),
  zulip: sender(
    'zulip',
    'Zulip',
    'The token in the body of an outgoing webhook. It is masked in the payload.',
    secret('Token', 'The token of the bot, in its zuliprc.'),
  ),
} as const;
