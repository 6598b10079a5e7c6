import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { HEADER_NAME, Line } from './text.js';

/** Default for how far a timestamp may differ from the current time, in seconds, in both directions. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

const text = Type.String({ minLength: 1, maxLength: 1_000 });

const common = {
  secret: Type.Union([text, Type.Literal(true)], {
    description: 'Write-only. Shown as `true`; send `true` to keep what is stored.',
  }),
  previous_secret: Type.Optional(
    Type.Union([text, Type.Literal(true), Type.Null()], {
      default: null,
      description:
        'Accepted in addition to `secret` while you give a sender its new secret. Write-only. Send ' +
        '`true` with `secret: true` to keep the stored one, `true` with a new `secret` to keep the ' +
        'secret that was valid until now, or null to end it.',
    }),
  ),
};

const tolerance = {
  tolerance_seconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      default: DEFAULT_TOLERANCE_SECONDS,
      description: 'How far the signed timestamp may differ from the current time, in both directions.',
    }),
  ),
};

const header = (description: string) => Type.String({ pattern: HEADER_NAME, description });

const schemeSchema = <const S extends string, P extends TProperties>(
  scheme: S,
  title: string,
  description: string,
  own: P,
) =>
  Type.Object(
    { scheme: Type.Literal(scheme), ...common, ...own },
    { title, description, additionalProperties: false },
  );

/** Every signature scheme with its schema. A scheme that is not listed here does not exist. */
export const SIGNATURE_SCHEMAS = {
  'standard-webhooks': schemeSchema(
    'standard-webhooks',
    'Standard Webhooks',
    'standardwebhooks.com, and Svix with its own header names. The secret is `whsec_` and base64, or ' +
      'any text, used as is.',
    tolerance,
  ),
  github: schemeSchema('github', 'GitHub', "X-Hub-Signature-256. The secret is the webhook's secret.", {}),
  stripe: schemeSchema(
    'stripe',
    'Stripe',
    "Stripe-Signature. The secret is the endpoint's signing secret, `whsec_…`.",
    tolerance,
  ),
  slack: schemeSchema(
    'slack',
    'Slack',
    "X-Slack-Signature. The secret is the app's Signing Secret.",
    tolerance,
  ),
  shopify: schemeSchema(
    'shopify',
    'Shopify',
    "X-Shopify-Hmac-Sha256. The secret is the app's client secret.",
    {},
  ),
  hmac: schemeSchema('hmac', 'HMAC', 'Any other sender that signs its body with an HMAC.', {
    ...tolerance,
    header: header('The header that contains the signature.'),
    algorithm: Type.Optional(
      Type.Union([Type.Literal('sha256'), Type.Literal('sha512'), Type.Literal('sha1')], {
        default: 'sha256',
      }),
    ),
    encoding: Type.Optional(Type.Union([Type.Literal('hex'), Type.Literal('base64')], { default: 'hex' })),
    prefix: Type.Optional(
      Type.String({
        maxLength: 50,
        pattern: '^[\\x21-\\x7e]*$',
        default: '',
        description: 'The text before the signature in its header, for example `sha256=`.',
      }),
    ),
    timestamp_header: Type.Optional(
      header(
        'The header that contains the send time, in Unix seconds or milliseconds. The signature must ' +
          'cover it.',
      ),
    ),
    content: Type.Optional(
      Line({
        minLength: 1,
        maxLength: 200,
        description:
          'The signed text, with the placeholders `{body}` and `{timestamp}`. Default: `{body}`, or ' +
          '`{timestamp}.{body}` if timestamp_header is set.',
      }),
    ),
    id_header: Type.Optional(
      header(
        'The header that identifies the event and stays the same when the sender retries, so that a ' +
          'retry does not create a second task.',
      ),
    ),
  }),
} as const;
export type SignatureScheme = keyof typeof SIGNATURE_SCHEMAS;
export type SignatureConfigOf<S extends SignatureScheme> = Static<(typeof SIGNATURE_SCHEMAS)[S]>;

/** How a webhook verifies its sender. `scheme` selects the schema. */
export type SignatureConfig = { [S in SignatureScheme]: SignatureConfigOf<S> }[SignatureScheme];
export const SignatureConfig = Type.Unsafe<SignatureConfig>({
  type: 'object',
  required: ['scheme'],
  discriminator: { propertyName: 'scheme' },
  oneOf: Object.values(SIGNATURE_SCHEMAS),
});
