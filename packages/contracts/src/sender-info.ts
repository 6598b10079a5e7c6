import { type Static, Type } from '@sinclair/typebox';
import { OrNull, StringEnum } from './shapes.js';

/** A sender that is known by name, as people see it. */
export const SenderInfo = Type.Object(
  {
    scheme: Type.String({ description: 'Its name in `signature.scheme`.' }),
    title: Type.String(),
    description: Type.String({ description: 'How its requests are verified, for people.' }),
    schema: Type.Unsafe({
      type: 'object',
      additionalProperties: true,
      description: 'JSON Schema of `signature`.',
    }),
    proof: StringEnum(['body', 'token', 'none'] as const, {
      description:
        '`body`: by a signature that covers the body. `token`: by something that does not, such as a fixed text. ' +
        '`none`: not at all.',
    }),
    docs: OrNull(Type.String(), "The sender's own page about its webhooks."),
    steps: Type.Array(Type.String(), { description: 'The setup at the sender.' }),
    generates: OrNull(
      StringEnum(['hex', 'whsec'] as const),
      'The form of a secret that you may choose yourself; null if the sender shows it.',
    ),
    event: OrNull(Type.String(), "Where an event's name is: an expression of templates and filters."),
    retry_id: OrNull(Type.String(), 'What identifies a retry, so that it starts no second run.'),
    tries_url: Type.Boolean({
      description: 'Whether the sender tests the URL. Such requests are answered and run nothing.',
    }),
    sample: Type.Object(
      {
        content_type: Type.String(),
        headers: Type.Record(Type.String(), Type.String()),
        body: Type.String(),
      },
      { description: 'A request as the sender sends it, unsigned.' },
    ),
  },
  { $id: 'SenderInfo' },
);
export type SenderInfo = Static<typeof SenderInfo>;
