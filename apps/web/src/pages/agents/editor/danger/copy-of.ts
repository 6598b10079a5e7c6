import type { Schema } from '../../../../api/client.js';
import { type Agent, FIELDS } from '../draft/draft.js';

/** A secret of a tool, by where it stands. */
export interface SecretPlace {
  tool: string;
  name: string;
}

/** The stored secrets of an agent's tools: a copy has to be given them anew, since none ever comes back. */
export const secretsOf = ({ tools }: Agent): SecretPlace[] =>
  tools.flatMap(({ name: tool, secrets = {} }) => Object.keys(secrets).map((name) => ({ tool, name })));

export const keyOf = ({ tool, name }: SecretPlace): string => `${tool}/${name}`;

/**
 * What a copy of an agent is created from: all that it says, with the secrets that were typed. A secret that was not is
 * left out. How the agent is reached is the original's own: signature and callback are left out too.
 */
export function copyOf(agent: Agent, name: string, secrets: Record<string, string>): Schema<'AgentInput'> {
  const tools = agent.tools.map((tool) => {
    if (tool.secrets === undefined) return tool;
    const typed = Object.keys(tool.secrets).flatMap((each): [string, string][] => {
      const value = secrets[keyOf({ tool: tool.name, name: each })];
      return value ? [[each, value]] : [];
    });
    return { ...tool, secrets: Object.fromEntries(typed) };
  });
  const config = Object.fromEntries(FIELDS.map((field) => [field, agent[field]]));
  return { ...config, name, tools };
}
