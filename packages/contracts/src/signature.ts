import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { HEADER_NAME, Line } from './text.js';

/** How far a timestamp may lie from the present where an agent says nothing else, in seconds, in both directions. */
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
        'Counts beside `secret` while a sender is given a new one. Write-only. Send `true` with `secret: true` to keep ' +
        'the stored one, `true` with a new `secret` for the secret that counted until now, null to end it.',
    }),
  ),
};

const tolerance = {
  tolerance_seconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      default: DEFAULT_TOLERANCE_SECONDS,
      description: 'How far the signed timestamp may lie from the present, before or after it.',
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

/** Every way of signing, with its schema. The one list: a scheme that is not here does not exist. */
export const SIGNATURE_SCHEMAS = {
  'standard-webhooks': schemeSchema(
    'standard-webhooks',
    'Standard Webhooks',
    'standardwebhooks.com, and Svix under its own header names. The secret is `whsec_` and base64, or any text as it is.',
    tolerance,
  ),
  github: schemeSchema('github', 'GitHub', 'X-Hub-Signature-256. The secret is the one of the webhook.', {}),
  stripe: schemeSchema(
    'stripe',
    'Stripe',
    'Stripe-Signature. The secret is the signing secret of the endpoint, `whsec_…`.',
    tolerance,
  ),
  slack: schemeSchema(
    'slack',
    'Slack',
    'X-Slack-Signature. The secret is the Signing Secret of the app.',
    tolerance,
  ),
  shopify: schemeSchema(
    'shopify',
    'Shopify',
    'X-Shopify-Hmac-Sha256. The secret is the client secret of the app.',
    {},
  ),
  hmac: schemeSchema('hmac', 'HMAC', 'Any other sender that signs with an HMAC of its body.', {
    ...tolerance,
    header: header('The header that holds the signature.'),
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
        description: 'What stands before the signature in its header, as in `sha256=`.',
      }),
    ),
    timestamp_header: Type.Optional(
      header('The header with the time of sending, in Unix seconds or milliseconds; to be signed too.'),
    ),
    content: Type.Optional(
      Line({
        minLength: 1,
        maxLength: 200,
        description:
          'What is signed, with `{body}` and `{timestamp}` in their places. By default `{body}`, or ' +
          '`{timestamp}.{body}` where there is a timestamp_header.',
      }),
    ),
    id_header: Type.Optional(
      header(
        'The header that names a delivery, the same for each of its tries: a retry then makes no second task.',
      ),
    ),
  }),
} as const;
export type SignatureScheme = keyof typeof SIGNATURE_SCHEMAS;
export type SignatureConfigOf<S extends SignatureScheme> = Static<(typeof SIGNATURE_SCHEMAS)[S]>;

/** How an agent's webhook tells its sender from others. `scheme` says which schema holds. */
export type SignatureConfig = { [S in SignatureScheme]: SignatureConfigOf<S> }[SignatureScheme];
export const SignatureConfig = Type.Unsafe<SignatureConfig>({
  type: 'object',
  required: ['scheme'],
  discriminator: { propertyName: 'scheme' },
  oneOf: Object.values(SIGNATURE_SCHEMAS),
});
