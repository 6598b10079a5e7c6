import { ToolError, type ToolKind } from './tool.js';

/** How long a question may be, in characters. */
const LONGEST_QUESTION = 10_000;

/** Calls that ask are answered from the journal. */
const neverMade = () => Promise.reject(new ToolError('This call is answered by others.'));

/** Asks a person. The answer is the result. */
export const askHumanTool: ToolKind<'ask_human'> = {
  type: 'ask_human',
  async open({ name, description, answer_schema }) {
    return {
      tools: [
        {
          name,
          description:
            description ?? 'Asks a person a question and waits for the answer, which may take hours or days.',
          parameters: {
            type: 'object',
            properties: {
              question: {
                type: 'string',
                minLength: 1,
                maxLength: LONGEST_QUESTION,
                description: 'The question, with all that is needed to answer it.',
              },
            },
            required: ['question'],
            additionalProperties: false,
          },
          repeat_safe: true,
          asks: { kind: 'question', schema: answer_schema ?? { type: 'string', minLength: 1 } },
          execute: neverMade,
        },
      ],
    };
  },
};

/** Waits for another system to post to a one-time URL. The body is the result. */
export const waitCallbackTool: ToolKind<'wait_callback'> = {
  type: 'wait_callback',
  async open({ name, description, body_schema }) {
    return {
      tools: [
        {
          name,
          description: description ?? 'Waits until another system reports back, and returns what it sent.',
          parameters: {
            type: 'object',
            properties: {
              about: { type: 'string', maxLength: 1_000, description: 'What you wait for, for people.' },
            },
            additionalProperties: false,
          },
          repeat_safe: true,
          asks: { kind: 'callback', schema: body_schema ?? {} },
          execute: neverMade,
        },
      ],
    };
  },
};
