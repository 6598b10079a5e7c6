import { type Static, Type } from '@sinclair/typebox';
import { Name } from './text.js';

/** What a key may do, least first; each may also do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** How many stored keys there may be. */
export const MAX_API_KEYS = 200;

const role = Type.Unsafe<Role>({
  type: 'string',
  enum: [...ROLES],
  description:
    '`viewer` reads; `operator` also runs, cancels, replays and resends; `admin` also changes agents, webhooks, ' +
    'documents and keys.',
});
const name = Name({ maxLength: 100, description: 'Whose key it is or what uses it, for people.' });
const seePayloads = Type.Boolean({
  description:
    'Whether what came in and what became of it is shown: payloads, headers, prompts, texts of models, arguments and ' +
    'results of tools, answers. Statuses, times, tokens and codes always are. An admin sees everything.',
});
const timeOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });

/** A stored key, as the API lists it. */
export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name,
    role,
    see_payloads: seePayloads,
    key_hint: Type.String({ description: 'The last four characters, to tell keys apart.' }),
    created_at: Type.String({ format: 'date-time' }),
    last_used_at: timeOrNull('To within a minute.'),
    expires_at: timeOrNull('From then on the key opens nothing.'),
  },
  { $id: 'ApiKey' },
);
export type ApiKey = Static<typeof ApiKey>;

export const ApiKeyInput = Type.Object(
  {
    name,
    role,
    see_payloads: Type.Optional(Type.Boolean({ default: true, description: seePayloads.description ?? '' })),
    expires_at: Type.Optional(
      Type.Union([Type.String({ maxLength: 40 }), Type.Null()], {
        default: null,
        description: 'A time to come, as in `2027-01-31T00:00:00Z`.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ApiKeyInput = Static<typeof ApiKeyInput>;

export const ApiKeyList = Type.Object({ keys: Type.Array(Type.Ref('ApiKey')) });
export type ApiKeyList = { keys: ApiKey[] };

/** A key as its maker gets it. */
export const MadeApiKey = Type.Object(
  {
    ...ApiKey.properties,
    key: Type.String({ description: 'Shown this once; only a hash of it is kept.' }),
  },
  { $id: 'MadeApiKey' },
);
export type MadeApiKey = Static<typeof MadeApiKey>;
