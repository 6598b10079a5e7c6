import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from './shapes.js';

const headers = Type.Record(Type.String(), Type.String(), {
  description:
    'The headers to send, with the placeholders `{signature}`, `{timestamp}`, `{id}` and `{secret}`.',
});

/** How a program proves its requests, so that it may post to an agent with a sender. */
export const Signing = Type.Union([
  Type.Object({
    kind: Type.Literal('hmac'),
    algorithm: StringEnum(['sha1', 'sha256', 'sha512']),
    encoding: StringEnum(['hex', 'base64'], { description: 'Of the signature.' }),
    key: StringEnum(['text', 'hex', 'base64', 'whsec'], {
      description: 'How the secret stands for the key. `whsec`: base64 after `whsec_`.',
    }),
    content: Type.String({ description: 'What is signed, with `{body}`, `{timestamp}` and `{id}`.' }),
    time: StringEnum(['unix', 'rfc3339'], { description: 'The form of `{timestamp}`.' }),
    headers,
  }),
  Type.Object({ kind: Type.Literal('token'), headers }),
  Type.Object({
    kind: Type.Literal('basic', { description: 'The secret is the password of HTTP Basic.' }),
    username: Type.String({ description: 'The name before the colon.' }),
  }),
  Type.Object({
    kind: Type.Literal('query', { description: 'The secret is a parameter of the URL.' }),
    parameter: Type.String({ description: 'The parameter of the query that has the secret.' }),
  }),
  Type.Object({ kind: Type.Literal('none', { description: 'Requests need no proof.' }) }),
  Type.Object({
    kind: Type.Literal('sender_only', { description: 'Only the sender can make the proof.' }),
  }),
]);
export type Signing = Static<typeof Signing>;
