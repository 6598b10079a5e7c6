import type { AgentVersion } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent, unknownVersion } from '../errors.js';
import { maskSecrets } from './agent-secrets.js';
import { agentExists } from './read-agent.js';
import { readVersion } from './version-store.js';

/** One version of an agent as the API shows it. Throws `unknown_agent`, `unknown_version`. */
export async function getVersion(ctx: Context, id: string, version: number): Promise<AgentVersion> {
  const stored = await readVersion(ctx, id, version);
  if (stored) return maskSecrets(stored);
  throw (await agentExists(ctx, id)) ? unknownVersion(id, version) : unknownAgent(id);
}
