import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from './shapes.js';

export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export const VERBOSITIES = ['low', 'medium', 'high'] as const;
export const TOOL_CHOICES = ['auto', 'required', 'none'] as const;
export const SERVICE_TIERS = ['auto', 'default', 'flex', 'priority'] as const;

/** Upper bound for `provider_options`, in bytes of JSON. */
export const MAX_PROVIDER_OPTIONS_BYTES = 16 * 1024;

/** Parts of a request that the run itself makes, by their names in the providers' APIs. */
export const RESERVED_OPTIONS: readonly string[] = [
  'model',
  'messages',
  'input',
  'contents',
  'system',
  'system_instruction',
  'systemInstruction',
  'instructions',
  'prompt',
  'tools',
  'stream',
];

/** How the models of an agent are asked. Each missing option is the provider's default. */
export const ModelOptions = Type.Object(
  {
    temperature: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 2,
        description: 'How much answers vary. Anthropic takes 1 at most.',
      }),
    ),
    top_p: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Only the likeliest tokens that together have this probability.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_147_483_647,
        description: 'Makes answers repeatable, where the provider can.',
      }),
    ),
    reasoning_effort: Type.Optional(
      StringEnum(REASONING_EFFORTS, {
        description: "How much the model reasons before it answers, in the provider's own terms.",
      }),
    ),
    verbosity: Type.Optional(
      StringEnum(VERBOSITIES, { description: 'How long answers are. Models of OpenAI and some others.' }),
    ),
    tool_choice: Type.Optional(
      Type.Union(
        [
          StringEnum(TOOL_CHOICES),
          Type.Object(
            { tool: Type.String({ minLength: 1, maxLength: 64 }) },
            { additionalProperties: false },
          ),
        ],
        {
          description:
            '`required`: the model must call a tool before it answers. `{"tool": "NAME"}`: it must call this ' +
            'one first. Later turns are free. `none`: it may call no tool.',
        },
      ),
    ),
    service_tier: Type.Optional(
      StringEnum(SERVICE_TIERS, {
        description:
          '`flex`: about half the price, slower, and refused when capacity is short; such a task waits and ' +
          'tries again. Raise `limits.model_timeout_seconds` with it. OpenAI, Google and some compatible servers.',
      }),
    ),
    provider_options: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 64 }),
        Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
        {
          description:
            'More fields of the request, by the name of the provider, in the words of its API: ' +
            '`{"openai": {"prompt_cache_key": "triage"}}`. At most 16 KiB of JSON. What the run itself sends ' +
            '(model, messages, tools and the like) cannot be set.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ModelOptions = Static<typeof ModelOptions>;
