import { parseJson } from '@agenthook/json';
import { AGENT } from '../agents/agent-hash.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { replaceFieldScript } from './replace-field.script.js';
import {
  type SealedValue,
  sealedInCallback,
  sealedInChannel,
  sealedInConfig,
  sealedInGrant,
} from './sealed-values.js';

/** A stored text with sealed values. */
export interface SealedText {
  /** The id of the agent, or the name of the notify channel, that it belongs to. */
  owner: string;
  key: string;
  field: string;
  text: string;
  values: SealedValue[];
}

/** How many agents are listed at once. */
const AT_ONCE = 500;
/** How often a text is read again that others change meanwhile. */
const TRIES = 20;

/**
 * Calls `change` for each stored text that has sealed values: configurations, gates, callback secrets,
 * versions and OAuth grants of all agents, and notify channels. What it returns replaces the text, unless
 * that has changed meanwhile; then it is called again with the new text. Undefined keeps the text.
 *
 * @param onAgent called after each agent with how many are done and how many there are
 */
export async function changeSealed(
  redis: RedisClient,
  change: (found: SealedText) => string | undefined,
  onAgent: (done: number, of: number) => void = () => undefined,
): Promise<void> {
  for (const name of await redis.hkeys(keys.notifyChannels))
    await changeField(redis, name, keys.notifyChannels, name, change);
  const of = await redis.zcard(keys.agents);
  let done = 0;
  // New agents come last, and those that are deleted meanwhile move no others, so none is skipped.
  for (let from = '-'; ; ) {
    const ids = await redis.zrangebylex(keys.agents, from, '+', 'LIMIT', 0, AT_ONCE);
    for (const id of ids) {
      for (const field of [AGENT.current, AGENT.gate, AGENT.callbackSecrets])
        await changeField(redis, id, keys.agent(id), field, change);
      for (const version of await redis.hkeys(keys.agentVersions(id)))
        await changeField(redis, id, keys.agentVersions(id), version, change);
      for (const grant of await redis.hkeys(keys.agentGrants(id)))
        await changeField(redis, id, keys.agentGrants(id), grant, change);
      onAgent(++done, Math.max(of, done));
    }
    if (ids.length < AT_ONCE) return;
    from = `(${ids.at(-1)}`;
  }
}

async function changeField(
  redis: RedisClient,
  owner: string,
  key: string,
  field: string,
  change: (found: SealedText) => string | undefined,
): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    const text = await redis.hget(key, field);
    if (text === null) return;
    const values = valuesOf(text, key, field, owner);
    if (values.length === 0) return;
    const next = change({ owner, key, field, text, values });
    if (next === undefined || next === text) return;
    if ((await replaceFieldScript(redis, { key }, { field, read: text, value: next })) === 1) return;
  }
  throw new Error(`${owner} is changed so often that its secrets cannot be: run the command again`);
}

/** The sealed values of a field; none of a text that cannot be read. */
function valuesOf(text: string, key: string, field: string, agentId: string): SealedValue[] {
  try {
    if (key === keys.notifyChannels) return sealedInChannel(parseJson(text));
    if (key === keys.agentGrants(agentId)) return sealedInGrant(text, agentId);
    if (field === AGENT.callbackSecrets) return sealedInCallback(text, agentId);
    const parsed = parseJson(text) as { config?: unknown };
    return sealedInConfig(field === AGENT.current ? parsed.config : parsed, agentId);
  } catch {
    return [];
  }
}
