import { type Static, Type } from '@sinclair/typebox';
import { PROVIDER_KINDS, PROVIDER_NAME } from './models.js';

const text = (description: string) => Type.String({ minLength: 1, maxLength: 10_000, description });

/** One of these texts, for a check without Ajv. */
const OneOf = <Value extends string>(values: readonly Value[], description = '') =>
  Type.Union(
    values.map((value) => Type.Literal(value)),
    { description },
  );

/** A named model endpoint. Any text may hold `${NAME}`, which is replaced by that environment variable. */
export const ProviderEntry = Type.Object(
  {
    name: Type.String({ pattern: PROVIDER_NAME.source, description: 'Models are called `name:model`.' }),
    kind: OneOf(PROVIDER_KINDS),
    base_url: Type.Optional(text('An http(s) URL without credentials.')),
    api_key: Type.Optional(text('A secret.')),
    headers: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 10_000 }))),
    limits: Type.Optional(
      Type.Object(
        {
          max_concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
          requests_per_minute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
        },
        { additionalProperties: false, description: 'For each worker.' },
      ),
    ),
    models: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 160 }), {
        maxItems: 200,
        description: 'Models that the Studio offers.',
      }),
    ),
    num_ctx: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000_000,
        description: '`ollama`: the context window, in tokens.',
      }),
    ),
    resource_name: Type.Optional(text('`azure`: the resource, if there is no base_url.')),
    api_version: Type.Optional(text('`azure`.')),
    api: Type.Optional(
      OneOf(
        ['responses', 'chat'] as const,
        '`openai` and `azure`: which API. Default: responses, and chat where it is refused.',
      ),
    ),
    region: Type.Optional(text('`bedrock`.')),
    access_key_id: Type.Optional(text('`bedrock`.')),
    secret_access_key: Type.Optional(text('`bedrock`: a secret.')),
    session_token: Type.Optional(text('`bedrock`: a secret.')),
    project: Type.Optional(text('`vertex`.')),
    location: Type.Optional(text('`vertex`.')),
    credentials_file: Type.Optional(text('`vertex`: the path of a service account key.')),
  },
  { additionalProperties: false },
);
export type ProviderEntry = Static<typeof ProviderEntry>;

/** A list of entries, bare or under `providers`. */
export const ProviderFile = Type.Array(ProviderEntry, { maxItems: 200 });

/** What an entry must have, by kind: of each list, at least one field. */
const NEEDS: Record<ProviderEntry['kind'], (keyof ProviderEntry)[][]> = {
  openai: [['api_key', 'base_url']],
  anthropic: [['api_key', 'base_url']],
  google: [['api_key', 'base_url']],
  compatible: [['base_url']],
  azure: [
    ['base_url', 'resource_name'],
    ['api_key', 'headers'],
  ],
  bedrock: [['region', 'base_url']],
  vertex: [['api_key', 'project', 'base_url']],
  openrouter: [['api_key', 'headers']],
  ollama: [],
};

/** What an entry lacks, as `api_key or base_url`; undefined if it is complete. */
export function lackOf(entry: ProviderEntry): string | undefined {
  const missing = NEEDS[entry.kind].find((fields) => fields.every((field) => entry[field] === undefined));
  return missing?.join(' or ');
}
