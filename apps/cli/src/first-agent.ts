import { readFileSync, writeFileSync } from 'node:fs';
import type { Agent, AgentInput, MintedWebhook } from '@agenthook/contracts';
import type { Answer, ApiClient } from './api-client.js';
import { UserError } from './user-error.js';

const FIRST_AGENT: AgentInput = {
  name: 'First agent',
  system_prompt:
    'You receive events from other systems. Say in a few plain sentences what happened and what to do ' +
    'next.',
};

/** What the launcher remembers, in a file with mode 0600, because the api shows a token only once. */
interface Remembered {
  agent_id: string;
  token: string;
}

/** What the banner knows about a webhook to try. */
export type FirstAgent =
  | { kind: 'ready'; agent: Agent; token: string }
  /** There are agents, but no known token works. `agent` is one that could get a new webhook. */
  | { kind: 'unknown'; agent: Agent };

function remembered(file: string): Remembered | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Remembered;
  } catch {
    return undefined;
  }
}

function expect<T>(answer: Answer<T>, what: string): T {
  if (answer.status < 300 && answer.body !== undefined) return answer.body;
  throw new UserError(`could not ${what}: the api answered ${answer.status} ${JSON.stringify(answer.body)}`);
}

async function mint(api: ApiClient, agent: Agent, file: string): Promise<FirstAgent> {
  const minted = await api<MintedWebhook>('POST', `/api/agents/${agent.id}/webhook`, {});
  const { token } = expect(minted, 'create a webhook');
  writeFileSync(file, JSON.stringify({ agent_id: agent.id, token } satisfies Remembered), { mode: 0o600 });
  return { kind: 'ready', agent, token };
}

/**
 * Returns the agent and webhook for the banner: those remembered from an earlier start or, if no agent
 * exists, new ones.
 *
 * @param file where agent and token are remembered
 * @throws UserError if the api refuses
 */
export async function findFirstAgent(api: ApiClient, file: string): Promise<FirstAgent> {
  const known = remembered(file);
  if (known !== undefined) {
    const { status, body } = await api<Agent>('GET', `/api/agents/${encodeURIComponent(known.agent_id)}`);
    if (status === 200 && body !== undefined) {
      const works = body.webhook !== null && known.token.endsWith(body.webhook.token_hint);
      return works ? { kind: 'ready', agent: body, token: known.token } : { kind: 'unknown', agent: body };
    }
  }
  const { agents } = expect(await api<{ agents: Agent[] }>('GET', '/api/agents'), 'list the agents');
  const [agent] = agents;
  if (agent === undefined) {
    return mint(api, expect(await api<Agent>('POST', '/api/agents', FIRST_AGENT), 'create an agent'), file);
  }
  // The launcher died between creating the agent and its webhook, so no token is lost by creating one now.
  const isHalfMade = known === undefined && agent.name === FIRST_AGENT.name && agent.webhook === null;
  return isHalfMade ? mint(api, agent, file) : { kind: 'unknown', agent };
}
