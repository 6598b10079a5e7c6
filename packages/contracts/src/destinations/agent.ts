import { type Static, Type } from '@sinclair/typebox';
import { AgentId } from '../ids.js';
import { ContentTemplate, destinationSchema } from './common.js';

export const AgentDestination = destinationSchema(
  'agent',
  'Another agent',
  'Makes a task of another agent from the end of this one.',
  {
    agent_id: AgentId('The agent that gets the end as its event.'),
    payload: Type.Optional(
      ContentTemplate(
        'The payload, as JSON; another text becomes a payload that is this text. Default: `{task, payload, result}`.',
      ),
    ),
  },
);
export type AgentDestination = Static<typeof AgentDestination>;
