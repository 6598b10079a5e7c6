import { type Static, Type } from '@sinclair/typebox';
import { AgentConfig } from './agent-config.js';
import { HEADER_NAME } from './text.js';
import { Query } from './webhook.js';

const config = AgentConfig.properties;

/** What the model would receive: the prompts of the agent, or of a draft, rendered with a payload. */
export const PreviewBody = Type.Object(
  {
    name: Type.Optional(config.name),
    description: Type.Optional(config.description),
    system_prompt: Type.Optional(config.system_prompt),
    input_template: Type.Optional(config.input_template),
    output_schema: Type.Optional(config.output_schema),
    payload: Type.Unknown({ description: 'Any JSON value, as a sender would post it.' }),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: HEADER_NAME }), Type.String({ maxLength: 4_000 }), {
        maxProperties: 100,
        additionalProperties: false,
        default: {},
        description: 'Header names are in lower case.',
      }),
    ),
    query: Type.Optional(
      Type.Unsafe<Query>({ ...Query, default: {}, description: 'The query string, parsed.' }),
    ),
  },
  { additionalProperties: false },
);
export type PreviewBody = Static<typeof PreviewBody>;

export const PromptPreview = Type.Object(
  {
    system: Type.String({ description: 'The system prompt, including what AgentHook adds to it.' }),
    user: Type.String({ description: 'The first user message.' }),
    attach: Type.Optional(
      Type.Array(Type.String(), { description: 'The URLs of the files that a run would fetch and attach.' }),
    ),
  },
  { $id: 'PromptPreview' },
);
export type PromptPreview = Static<typeof PromptPreview>;
