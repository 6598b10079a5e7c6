import { ToolError, type ToolKind } from './tool.js';

/** How long a message to an agent without a schema may be, in characters. */
const LONGEST_MESSAGE = 100_000;

const MESSAGE = {
  type: 'object',
  properties: {
    message: {
      type: 'string',
      minLength: 1,
      maxLength: LONGEST_MESSAGE,
      description: 'What the agent is to do, with all that it needs to know. It sees nothing else.',
    },
  },
  required: ['message'],
  additionalProperties: false,
};

/** Calls of agents become tasks. */
const neverMade = () => Promise.reject(new ToolError('This call is a task of its own.'));

/** Lets another agent run a task of its own. Its answer is the result. */
export const agentTool: ToolKind<'agent'> = {
  type: 'agent',
  async open({ name, description, agent_id }, { agents }) {
    const found = await agents.describe(agent_id);
    const about = found?.description ? `: ${found.description}` : '';
    const { parameters, is_wrapped } = parametersOf(found?.input_schema ?? null);
    return {
      tools: [
        {
          name,
          description:
            description ??
            (found ? `Asks the agent "${found.name}"${about}` : 'Asks an agent that no longer exists.'),
          parameters,
          repeat_safe: true,
          delegates: { agent_id, is_wrapped },
          execute: neverMade,
        },
      ],
    };
  },
};

/** Providers accept only objects as arguments, so another payload becomes the only one of them. */
function parametersOf(schema: Record<string, unknown> | null) {
  if (schema === null) return { parameters: MESSAGE, is_wrapped: false };
  const isObject = schema.type === 'object' || (schema.type === undefined && schema.properties !== undefined);
  if (isObject) return { parameters: { ...schema, type: 'object' }, is_wrapped: false };
  return {
    parameters: {
      type: 'object',
      properties: { payload: schema },
      required: ['payload'],
      additionalProperties: false,
    },
    is_wrapped: true,
  };
}
