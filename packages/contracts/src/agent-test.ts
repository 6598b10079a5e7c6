import { type Static, Type } from '@sinclair/typebox';
import type { AgentPatch } from './agent-config.js';
import { StringEnum } from './shapes.js';
import { HEADER_NAME } from './text.js';
import { MAX_PAYLOAD_BYTES } from './webhook.js';

/** The ways to send a test. */
export const TEST_SENDS = ['direct', 'signed', 'unsigned', 'tampered'] as const;
export type TestSend = (typeof TEST_SENDS)[number];

export const TEST_CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded'] as const;

/** Body of POST /api/agents/{id}/test. */
export const AgentTestBody = Type.Object(
  {
    payload: Type.Optional(Type.Unknown({ description: 'The payload, sent as JSON.' })),
    body: Type.Optional(
      Type.String({
        maxLength: MAX_PAYLOAD_BYTES,
        description: 'The exact body to send, byte for byte, instead of `payload`.',
      }),
    ),
    content_type: Type.Optional(
      StringEnum(TEST_CONTENT_TYPES, {
        default: 'application/json',
        description: 'The Content-Type of `body`.',
      }),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: HEADER_NAME }),
        Type.String({ maxLength: 2_000, pattern: '^[\\x20-\\x7e]*$' }),
        {
          maxProperties: 40,
          additionalProperties: false,
          description: 'Extra headers, as the sender would set them, for example `x-github-event`.',
        },
      ),
    ),
    send: Type.Optional(
      StringEnum(TEST_SENDS, {
        default: 'direct',
        description:
          '`direct` runs the payload. The others show how a sender would be answered: `signed` uses ' +
          "the agent's secret, `unsigned` sends no signature, and `tampered` changes one byte after " +
          'signing.',
      }),
    ),
    configuration: Type.Optional(
      Type.Unsafe<AgentPatch>({
        ...Type.Ref('AgentPatch'),
        description:
          'A draft: the test runs the agent with these fields, and the others as they are saved. It is checked ' +
          'as a save would be, and makes no version. A secret that is `true` is the saved one. With anything but ' +
          '`model` it needs a key with the role admin.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type AgentTestBody = Static<typeof AgentTestBody>;

const headers = (description: string) => Type.Record(Type.String(), Type.String(), { description });

export const AgentTest = Type.Object(
  {
    sent: Type.Object({
      method: Type.String(),
      headers: headers('Long values, such as signatures, are cut. Tokens, which are secrets, are hidden.'),
      body: Type.String(),
    }),
    answer: Type.Object(
      { status: Type.Integer(), headers: headers('Header names are in lower case.'), body: Type.Unknown() },
      { description: 'The answer a sender would receive.' },
    ),
    task_id: Type.Union([Type.String(), Type.Null()], { description: 'null if no task was created.' }),
    ran: Type.Object(
      {
        version: Type.Integer({ description: 'The saved version, to which a draft is a change.' }),
        draft: Type.Boolean({ description: 'Whether `configuration` changed anything.' }),
        model: Type.String({ description: 'The `provider:model` to ask.' }),
      },
      { description: 'The configuration that was tested.' },
    ),
  },
  { $id: 'AgentTest' },
);
export type AgentTest = Static<typeof AgentTest>;
