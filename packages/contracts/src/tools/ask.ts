import { type Static, Type } from '@sinclair/typebox';
import { JsonSchema, toolSchema } from './common.js';

/** The longest schema that a waiting call keeps, in characters of JSON. */
export const LONGEST_ASK_SCHEMA = 20_000;

const NO_REPEAT = 'Always true for this type; another value changes nothing.';

export const AskHumanTool = toolSchema(
  'ask_human',
  'Question to a person',
  'Asks a person a question, and waits for the answer without a worker.',
  NO_REPEAT,
  {
    answer_schema: Type.Optional(
      JsonSchema(
        'JSON Schema that an answer must match, at most 20,000 characters. Default: a text that is not empty.',
      ),
    ),
  },
);
export type AskHumanTool = Static<typeof AskHumanTool>;

export const WaitCallbackTool = toolSchema(
  'wait_callback',
  'Wait for a callback',
  'Waits without a worker until another system posts to a one-time URL. The body becomes the result.',
  NO_REPEAT,
  {
    body_schema: Type.Optional(
      JsonSchema(
        'JSON Schema that the body must match, at most 20,000 characters. Default: any JSON or text.',
      ),
    ),
  },
);
export type WaitCallbackTool = Static<typeof WaitCallbackTool>;
