import { SECRET_FIELDS } from '@agenthook/contracts';
import { isJsonObject, parseJson } from '@agenthook/json';

/** A sealed value in a stored text, and the context that it was sealed with. */
export interface SealedValue {
  sealed: string;
  context: string;
  /** Where it belongs, for people: `tool "search", secret key`. */
  place: string;
}

/** The contexts that an agent's secrets are sealed with: each opens only for its own agent. */
export const contextOf = {
  tool: (agentId: string): string => `tool secret of ${agentId}`,
  signature: (agentId: string): string => `signature secret of ${agentId}`,
  callback: (agentId: string): string => `callback secret of ${agentId}`,
  grant: (agentId: string): string => `OAuth grant of ${agentId}`,
  destination: (agentId: string): string => `destination secret of ${agentId}`,
  channel: (channelId: string): string => `secret of notify channel ${channelId}`,
};

const SEALED = /^v1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const isSealed = (value: unknown): value is string => typeof value === 'string' && SEALED.test(value);

/** The sealed values of an agent's stored configuration; of its `signature` alone if it has nothing else. */
export function sealedInConfig(config: unknown, agentId: string): SealedValue[] {
  if (!isJsonObject(config)) return [];
  const found: SealedValue[] = [];
  const addFrom = (list: unknown, kind: 'tool' | 'destination') => {
    for (const each of Array.isArray(list) ? list : []) {
      if (!isJsonObject(each) || !isJsonObject(each.secrets)) continue;
      for (const [name, sealed] of Object.entries(each.secrets)) {
        const place = `${kind} "${each.name ?? each.type}", secret ${name}`;
        if (isSealed(sealed)) found.push({ sealed, context: contextOf[kind](agentId), place });
      }
    }
  };
  addFrom(config.tools, 'tool');
  addFrom(config.destinations, 'destination');
  if (isJsonObject(config.signature)) {
    for (const field of SECRET_FIELDS) {
      const sealed = config.signature[field];
      if (isSealed(sealed))
        found.push({ sealed, context: contextOf.signature(agentId), place: `signature, ${field}` });
    }
  }
  return found;
}

/** The sealed value of what an OAuth server has granted, as JSON. */
export function sealedInGrant(json: string, agentId: string): SealedValue[] {
  const grant = parseJson(json);
  return isJsonObject(grant) && isSealed(grant.sealed)
    ? [{ sealed: grant.sealed, context: contextOf.grant(agentId), place: 'OAuth token' }]
    : [];
}

/** The sealed values of a stored notify channel. */
export function sealedInChannel(channel: unknown): SealedValue[] {
  if (!isJsonObject(channel) || !isJsonObject(channel.sealed)) return [];
  return Object.entries(channel.sealed).flatMap(([name, sealed]) =>
    isSealed(sealed)
      ? [{ sealed, context: contextOf.channel(`${channel.id}`), place: `secret ${name}` }]
      : [],
  );
}

/** The sealed values of an agent's stored callback secrets, as JSON. */
export function sealedInCallback(json: string | undefined, agentId: string): SealedValue[] {
  const entries = json === undefined ? [] : parseJson(json);
  return (Array.isArray(entries) ? entries : []).flatMap((entry) =>
    isJsonObject(entry) && isSealed(entry.sealed)
      ? [{ sealed: entry.sealed, context: contextOf.callback(agentId), place: 'callback secret' }]
      : [],
  );
}
