import { randomBytes } from 'node:crypto';
import { SECRET_FIELDS } from '@agenthook/contracts';
import { isJsonObject, parseJson } from '@agenthook/json';
import { AGENT } from '../agents/agent-hash.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { lostDataKeys } from '../sealing/data-keys.js';
import { readProcesses } from '../stats/heartbeat.js';
import { changeSealed, type SealedText } from './change-sealed.js';
import { SECRET_CHECK } from './check-secret-key.js';
import { opens } from './rotate-secret-key.js';
import { contextOf, sealedInChannel, sealedInConfig } from './sealed-values.js';
import { createSecretBox, type SecretBox } from './secret-box.js';
import { createCallbackSecret } from './signing-secret.js';

/** What cannot be opened, by the id of its agent or the name of its notify channel. */
type Lost = Map<string, Set<string>>;

export type Reset =
  /** `dataKeys` are the ids of the data keys of earlier secret keys, which are lost, too. */
  | { outcome: 'lost'; lost: Lost; dataKeys: string[] }
  | { outcome: 'reset'; lost: Lost; dataKeys: string[] }
  /** Processes live, and they have the key. */
  | { outcome: 'running'; processes: number };

/**
 * For a lost SECRET_KEY: removes what the given key cannot open, and binds this Redis to the given key.
 * Secrets of tools and of notify channels are removed, and those of signatures and callbacks replaced by
 * random ones: a webhook without a secret would believe everybody, and one with a random secret refuses its
 * senders until somebody enters theirs again.
 *
 * @param isSure false: changes nothing, and says what would be lost
 */
export async function resetSecrets(redis: RedisClient, secretKey: string, isSure: boolean): Promise<Reset> {
  const processes = await readProcesses(redis);
  if (isSure && processes.length > 0) return { outcome: 'running', processes: processes.length };
  const box = createSecretBox(secretKey);
  const lost: Lost = new Map();
  await changeSealed(redis, (found) => {
    const closed = found.values.filter(({ sealed, context }) => !opens(box, sealed, context));
    if (closed.length === 0) return undefined;
    const places = lost.get(found.owner) ?? new Set();
    lost.set(found.owner, places);
    for (const { place } of closed) places.add(place);
    return isSure ? withoutClosed(found, box) : undefined;
  });
  const dataKeys = await lostDataKeys(redis, box);
  if (!isSure) return { outcome: 'lost', lost, dataKeys };
  if (dataKeys.length > 0) await redis.hdel(keys.dataKeys, ...dataKeys);
  await redis.set(keys.secretCheck, box.seal(SECRET_CHECK, SECRET_CHECK));
  return { outcome: 'reset', lost, dataKeys };
}

function withoutClosed({ owner: agentId, key, field, text }: SealedText, box: SecretBox): string {
  if (key === keys.notifyChannels) return channelWithoutClosed(text, box);
  // The configured refresh token is used again.
  if (key === keys.agentGrants(agentId)) return '{}';
  if (field === AGENT.callbackSecrets)
    return JSON.stringify([{ sealed: box.seal(createCallbackSecret(), contextOf.callback(agentId)) }]);
  const parsed = parseJson(text) as { config?: unknown };
  const config = field === AGENT.current ? parsed.config : parsed;
  const closed = new Set(
    sealedInConfig(config, agentId)
      .filter(({ sealed, context }) => !opens(box, sealed, context))
      .map(({ sealed }) => sealed),
  );
  removeFrom(config, closed, () =>
    box.seal(randomBytes(32).toString('base64'), contextOf.signature(agentId)),
  );
  return field === AGENT.gate ? luaJson(parsed) : JSON.stringify(parsed);
}

/** A channel without its secrets, which then delivers nothing until they are given again. */
function channelWithoutClosed(text: string, box: SecretBox): string {
  const channel = parseJson(text) as { sealed: Record<string, unknown> };
  for (const { sealed, context } of sealedInChannel(channel)) {
    if (opens(box, sealed, context)) continue;
    channel.sealed = Object.fromEntries(
      Object.entries(channel.sealed).filter(([, value]) => value !== sealed),
    );
  }
  return JSON.stringify(channel);
}

function removeFrom(config: unknown, closed: ReadonlySet<unknown>, random: () => string): void {
  if (!isJsonObject(config)) return;
  for (const tool of Array.isArray(config.tools) ? config.tools : []) {
    if (!isJsonObject(tool?.secrets)) continue;
    for (const [name, value] of Object.entries(tool.secrets))
      if (closed.has(value)) delete tool.secrets[name];
  }
  if (!isJsonObject(config.signature)) return;
  for (const field of SECRET_FIELDS) {
    if (closed.has(config.signature[field])) config.signature[field] = random();
  }
}
