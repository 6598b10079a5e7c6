import { type Static, Type } from '@sinclair/typebox';
import { RefTo, StringEnum, Time, TimeOrNull } from './shapes.js';
import { Name } from './text.js';

/** The roles of API keys, weakest first. Each role may also do everything that the roles before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** How many API keys may be stored. */
export const MAX_API_KEYS = 200;

const role = StringEnum(ROLES, {
  description:
    '`viewer` reads; `operator` also runs, cancels, replays and resends; `admin` also changes agents, webhooks, ' +
    'documents and keys.',
});
const name = Name({ maxLength: 100, description: 'The owner or the program that uses the key, for people.' });
const seePayloads = Type.Boolean({
  description:
    'Whether the key sees content: payloads, headers, prompts, model texts, tool arguments and ' +
    'results, answers. Statuses, times, tokens and codes are always visible. An admin sees ' +
    'everything.',
});
/** A stored key, as the API lists it. */
export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name,
    role,
    see_payloads: seePayloads,
    key_hint: Type.String({ description: 'The last four characters, to tell keys apart.' }),
    created_at: Time(),
    last_used_at: TimeOrNull('Accurate to one minute.'),
    expires_at: TimeOrNull('When the key stops working.'),
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
        description: 'A time in the future, for example `2027-01-31T00:00:00Z`.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ApiKeyInput = Static<typeof ApiKeyInput>;

export const ApiKeyList = Type.Object({ keys: Type.Array(RefTo<ApiKey>('ApiKey')) });
export type ApiKeyList = Static<typeof ApiKeyList>;

/** A new key, as the request that created it receives it. */
export const MadeApiKey = Type.Object(
  {
    ...ApiKey.properties,
    key: Type.String({ description: 'Shown only once. AgentHook keeps only a hash of it.' }),
  },
  { $id: 'MadeApiKey' },
);
export type MadeApiKey = Static<typeof MadeApiKey>;
