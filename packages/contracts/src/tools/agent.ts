import { type Static, Type } from '@sinclair/typebox';
import { AgentId } from '../ids.js';
import { toolSchema } from './common.js';

/** How deep agents may use agents: a task, the tasks that it makes, and the tasks that those make. */
export const MAX_AGENT_DEPTH = 2;
/** How long one call of an agent may take, in seconds, unless its tool sets another limit, and at most. */
export const AGENT_CALL_SECONDS = 86_400;
const MAX_AGENT_CALL_SECONDS = 7 * 86_400;

export const AgentTool = toolSchema(
  'agent',
  'Another agent',
  'Lets another agent run a task of its own, waits for its end without a worker, and returns its answer.',
  'Always true for this type; another value changes nothing.',
  {
    agent_id: AgentId(
      'The agent that is called. The arguments of a call are its payload: those of its `input_schema`, or a ' +
        '`message` if it has none.',
    ),
    timeout_seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_AGENT_CALL_SECONDS,
        description:
          `How long one call may take, with all waits. Default: ${AGENT_CALL_SECONDS}, or what is left of the ` +
          'task’s `task_timeout_seconds`.',
      }),
    ),
  },
);
export type AgentTool = Static<typeof AgentTool>;
