import { type Static, Type } from '@sinclair/typebox';
import { HEADER_NAME } from './text.js';
import { MAX_PAYLOAD_BYTES } from './webhook.js';

/** How a test is sent. */
export const TEST_SENDS = ['direct', 'signed', 'unsigned', 'tampered'] as const;
export type TestSend = (typeof TEST_SENDS)[number];

export const TEST_CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded'] as const;

/** Body of POST /api/agents/{id}/test. */
export const AgentTestBody = Type.Object(
  {
    payload: Type.Optional(Type.Unknown({ description: 'Sent as JSON.' })),
    body: Type.Optional(
      Type.String({
        maxLength: MAX_PAYLOAD_BYTES,
        description: 'In place of `payload`: the body as it is to be sent, byte for byte.',
      }),
    ),
    content_type: Type.Optional(
      Type.String({ enum: [...TEST_CONTENT_TYPES], default: 'application/json', description: 'Of `body`.' }),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: HEADER_NAME }),
        Type.String({ maxLength: 2_000, pattern: '^[\\x20-\\x7e]*$' }),
        {
          maxProperties: 40,
          additionalProperties: false,
          description: 'More headers, as a sender would send them; `x-github-event` for example.',
        },
      ),
    ),
    send: Type.Optional(
      Type.String({
        enum: [...TEST_SENDS],
        default: 'direct',
        description:
          "`direct` runs the payload. The others show what a sender would get: signed with the agent's secret, not " +
          'signed, or signed and then changed by one byte.',
      }),
    ),
  },
  { additionalProperties: false },
);
export interface AgentTestBody {
  payload?: unknown;
  body?: string;
  content_type?: (typeof TEST_CONTENT_TYPES)[number];
  headers?: Record<string, string>;
  send?: TestSend;
}

const headers = (description: string) => Type.Record(Type.String(), Type.String(), { description });

export const AgentTest = Type.Object(
  {
    sent: Type.Object({
      method: Type.String(),
      headers: headers('Long values, as of signatures, are cut.'),
      body: Type.String(),
    }),
    answer: Type.Object(
      { status: Type.Integer(), headers: headers('Names in lower case.'), body: Type.Unknown() },
      { description: 'What the sender would have got.' },
    ),
    task_id: Type.Union([Type.String(), Type.Null()], { description: 'null where no task was made.' }),
  },
  { $id: 'AgentTest' },
);
export type AgentTest = Static<typeof AgentTest>;
