import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from '../shapes.js';
import { HEADER_NAME, Line } from '../text.js';
import { baseUrl, header, publicKey, secret, senderSchema as sender, tolerance } from './fields.js';

/** A place in a payload: names and list positions, separated by dots. */
const PATH = '^[^\\s.]{1,100}(\\.[^\\s.]{1,100}){0,9}$';

/** How a sender tests the URL, and which answer it expects. */
export const Challenge = Type.Object(
  {
    in: StringEnum(['query', 'header', 'property'] as const, {
      title: 'Where it is',
      description:
        'Where a request that tests the URL has its challenge: a parameter of the URL, a header, or a ' +
        'property of the JSON body.',
    }),
    name: Line({
      title: 'Its name',
      minLength: 1,
      maxLength: 200,
      description: 'The name there, for example `hub.challenge` or, of a nested property, `payload.token`.',
    }),
    when: Type.Optional(
      Type.Object(
        {
          property: Type.String({ pattern: PATH, description: 'A property of the JSON body.' }),
          equals: Line({ maxLength: 200, description: 'Its value, as text.' }),
        },
        {
          title: 'Only when',
          additionalProperties: false,
          description: 'Only a body with this property tests the URL, for example `type: "ping"`.',
        },
      ),
    ),
    answer: Type.Optional(
      StringEnum(['text', 'json', 'header'] as const, {
        title: 'Answered as',
        default: 'text',
        description:
          'Where the answer contains it: the whole body, a property of a JSON object, or a header.',
      }),
    ),
    answer_name: Type.Optional(
      Line({
        title: 'Under the name',
        minLength: 1,
        maxLength: 100,
        pattern: HEADER_NAME,
        description: 'The property or header of the answer. Default: the last part of `name`.',
      }),
    ),
    hash: Type.Optional(
      StringEnum(['hmac-sha256-hex', 'hmac-sha256-base64'] as const, {
        title: 'Hashed',
        description: 'Answers with the HMAC of the challenge under the secret instead of the challenge.',
      }),
    ),
    hash_prefix: Type.Optional(
      Line({ title: 'Hash prefix', maxLength: 20, description: 'Before the hash, for example `sha256=`.' }),
    ),
  },
  {
    additionalProperties: false,
    title: 'Challenge',
    description:
      'How the sender tests the URL. Such a request is answered at once, needs no signature and never ' +
      'runs the agent.',
  },
);
export type Challenge = Static<typeof Challenge>;

const id_header = Type.Optional(
  header(
    'Delivery id header',
    'The header that identifies the event and stays the same when the sender retries, so that a retry ' +
      'does not create a second task.',
  ),
);
const common = { id_header, challenge: Type.Optional(Challenge) };

const encoding = (preset: 'hex' | 'base64') =>
  Type.Optional(StringEnum(['hex', 'base64'] as const, { title: 'Encoding', default: preset }));

const affix = (title: string, description: string) =>
  Type.Optional(Type.String({ title, maxLength: 50, pattern: '^[\\x20-\\x7e]*$', description }));

/** Where the signature and the time are, and what is signed. */
const signed = {
  ...tolerance,
  ...baseUrl,
  header: header('Signature header', 'The header that contains the signature.'),
  prefix: Type.Optional(
    Type.String({
      title: 'Prefix',
      maxLength: 50,
      pattern: '^[\\x20-\\x7e]*$',
      default: '',
      description:
        'The text before the signature in its header, for example `sha256=`. With a `separator`, the text ' +
        'before each signature, for example `v1=`.',
    }),
  ),
  separator: Type.Optional(
    Type.String({
      title: 'Separator',
      minLength: 1,
      maxLength: 3,
      pattern: '^[\\x20-\\x7e]*$',
      description:
        'What separates the items of the signature header, if there are several, for example `,`. One of ' +
        'the signatures must match; items with another prefix are ignored.',
    }),
  ),
  timestamp_prefix: affix(
    'Timestamp prefix',
    'The text before the send time among the items of the signature header, for example `t=`.',
  ),
  timestamp_header: Type.Optional(
    header(
      'Timestamp header',
      'The header that contains the send time: Unix seconds, which may have a fraction, Unix milliseconds, ' +
        'RFC 3339, or an HTTP date. The signature must cover it.',
    ),
  ),
  content: Type.Optional(
    Line({
      title: 'Signed text',
      minLength: 1,
      maxLength: 200,
      description:
        'The signed text, with the placeholders `{body}`, `{timestamp}`, `{id}` (the value of `id_header`), ' +
        '`{method}` and `{url}` (with its query). Default: `{body}`, or `{timestamp}.{body}` if there is a ' +
        'timestamp.',
    }),
  ),
};

/** The custom schemes, for senders that are not known by name. */
export const GENERIC_SENDERS = {
  hmac: sender('hmac', 'Custom: HMAC', 'Any other sender that signs with an HMAC.', {
    ...secret(),
    ...signed,
    ...common,
    secret_encoding: Type.Optional(
      StringEnum(['text', 'hex', 'base64'] as const, {
        title: 'Encoding of the secret',
        description:
          "How the key is written in `secret`: as text, which is the default, or as the key's bytes.",
      }),
    ),
    algorithm: Type.Optional(
      StringEnum(['sha256', 'sha512', 'sha1'] as const, { title: 'Algorithm', default: 'sha256' }),
    ),
    encoding: encoding('hex'),
  }),
  token: sender(
    'token',
    'Custom: token',
    'Any sender that sends a fixed token: in a header, as the password of HTTP Basic, in the query, or in ' +
      'the body. Give one of `header`, `username`, `query` and `property`.',
    {
      ...secret('Token', 'The token or password that the sender sends.'),
      header: Type.Optional(header('Header', 'The header whose value is the token.')),
      prefix: affix('Prefix', 'The text before the token in its header, for example `Bearer `.'),
      username: Type.Optional(
        Type.String({
          title: 'User name',
          maxLength: 200,
          pattern: '^[\\x20-\\x39\\x3b-\\x7e]*$',
          description: 'The user of HTTP Basic, whose password is the token.',
        }),
      ),
      query: Type.Optional(
        Line({
          title: 'Query parameter',
          minLength: 1,
          maxLength: 100,
          description: "The parameter of the URL's query whose value is the token.",
        }),
      ),
      property: Type.Optional(
        Type.String({
          title: 'Property',
          pattern: PATH,
          description:
            'The property of the JSON body, such as `token` or `event.token`, or the field of the form, whose ' +
            'value is the token. It is masked in the payload.',
        }),
      ),
      ...common,
    },
  ),
  ed25519: sender('ed25519', 'Custom: Ed25519', 'Any other sender that signs with an Ed25519 key.', {
    ...publicKey('Public key', 'As hex or base64 of 32 bytes, or as PEM.'),
    ...signed,
    ...common,
    encoding: encoding('hex'),
  }),
  ecdsa: sender('ecdsa', 'Custom: ECDSA', 'Any other sender that signs with ECDSA and SHA-256.', {
    ...publicKey('Public key', 'As base64 of its DER form, or as PEM.'),
    ...signed,
    ...common,
    encoding: encoding('base64'),
  }),
  rsa: sender('rsa', 'Custom: RSA', 'Any other sender that signs with RSA (PKCS #1 v1.5) and SHA-256.', {
    ...publicKey('Public key', 'As PEM, or as base64 of its DER form.'),
    ...signed,
    ...common,
    encoding: encoding('base64'),
  }),
  custom: sender(
    'custom',
    'Custom: no signature',
    'Any sender that does not sign: the URL is the only credential.',
    common,
  ),
} as const;
