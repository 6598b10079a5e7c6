import { createHash } from 'node:crypto';
import type { AuditEntry } from '@agenthook/contracts';
import { canonicalJson } from '@agenthook/json';
import { listApiKeys } from '../access/list-api-keys.js';
import { readAgent } from '../agents/read-agent.js';
import { listRules } from '../alerts/rule-store.js';
import { installationBudget } from '../budget/read-budgets.js';
import { listChannels } from '../channels/channel-store.js';
import type { Context } from '../context.js';

/**
 * SHA-256 of an object as the API shows it, so without secrets, and without what changes by itself; null if
 * it does not exist or its kind is not compared.
 */
export async function fingerprint(ctx: Context, { type, id }: AuditEntry['object']): Promise<string | null> {
  const value = await stateOf(ctx, type, id);
  if (value === null || value === undefined) return null;
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

async function stateOf(ctx: Context, type: string, id: string | null): Promise<object | null | undefined> {
  if (type === 'budget') return (await installationBudget(ctx)).budget;
  if (id === null) return null;
  if (type === 'channel') return (await listChannels(ctx)).find((each) => each.id === id || each.name === id);
  if (type === 'alert_rule') {
    const rule = (await listRules(ctx)).find((each) => each.id === id);
    return rule && { ...rule, open: 0 };
  }
  if (type === 'agent') {
    const agent = await readAgent(ctx, id);
    return (
      agent && { ...agent, paused: null, webhook: agent.webhook && { ...agent.webhook, last_used_at: null } }
    );
  }
  if (type !== 'key') return null;
  const key = (await listApiKeys(ctx)).find((each) => each.id === id);
  return key && { ...key, last_used_at: null };
}
