import { randomBytes } from 'node:crypto';
import {
  ALERT_FIELDS,
  type AlertRule,
  type AlertRuleInput,
  type AlertRulePatch,
  type AlertType,
  iso,
  MAX_ALERT_RULES,
} from '@agenthook/contracts';
import { defaultsOf } from '../agents/defaults-of.js';
import { agentExists } from '../agents/read-agent.js';
import { checkNotified } from '../channels/channel-store.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { addFieldScript } from '../redis/add-field.script.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';
import { replaceFieldScript } from '../secrets/replace-field.script.js';
import { beginState } from './conditions/index.js';
import type { StoredRule } from './stored-rule.js';

export const RULE_ROW: RowKind<StoredRule> = {
  name: 'alert rule',
  fields: {
    id: 'string',
    type: 'string',
    agent_id: 'string?',
    channels: 'array',
    enabled: 'boolean',
    created_ms: 'time',
    updated_ms: 'time',
  },
};

/** How often a change begins again because others change the rule. */
const TRIES = 20;

/** All rules as they are stored, oldest first, each with its text. */
export async function readRules(ctx: Context): Promise<{ rule: StoredRule; json: string }[]> {
  const rows = await ctx.redis.hgetall(keys.alertRules);
  return Object.entries(rows)
    .flatMap(([id, json]) => {
      const rule = readRow(ctx, RULE_ROW, json, id);
      return rule ? [{ rule, json }] : [];
    })
    .sort((a, b) => a.rule.created_ms - b.rule.created_ms || (a.rule.id < b.rule.id ? -1 : 1));
}

/** All rules, oldest first. */
export async function listRules(ctx: Context): Promise<AlertRule[]> {
  const [rules, places] = await Promise.all([readRules(ctx), ctx.redis.hkeys(keys.openAlerts)]);
  return rules.map(({ rule }) => shown(rule, places));
}

/** A rule. Throws `unknown_alert_rule`. */
export async function getRule(ctx: Context, id: string): Promise<AlertRule> {
  const [{ rule }, places] = await Promise.all([read(ctx, id), ctx.redis.hkeys(keys.openAlerts)]);
  return shown(rule, places);
}

/**
 * Creates a rule, which is watched at once. Throws `unknown_agent`, `too_many_alert_rules`, and
 * `invalid_request` for channels that do not exist.
 */
export async function createRule(ctx: Context, input: AlertRuleInput): Promise<AlertRule> {
  const { agent_id = null, channels = [] } = input;
  if (agent_id !== null && !(await agentExists(ctx, agent_id))) throw unknownAgent(agent_id);
  await checkNotified(ctx, channels, '/channels');
  const now = ctx.now();
  const rule = {
    ...defaultsOf({ properties: ALERT_FIELDS[input.type] }),
    ...input,
    agent_id,
    channels,
    callback: input.callback ?? false,
    enabled: input.enabled ?? true,
    id: `alr_${randomBytes(12).toString('hex')}`,
    created_ms: now,
    updated_ms: now,
  } as StoredRule;
  const state = await beginState(ctx, rule);
  if (state !== undefined) await ctx.redis.hset(keys.alertStates, rule.id, JSON.stringify(state));
  const added = await addFieldScript(
    ctx.redis,
    { key: keys.alertRules },
    { field: rule.id, value: JSON.stringify(rule), most: MAX_ALERT_RULES },
  );
  if (added === 'created') return shown(rule, []);
  await ctx.redis.hdel(keys.alertStates, rule.id);
  throw new AppError(
    'too_many_alert_rules',
    `There are ${MAX_ALERT_RULES} alert rules, and no more may be made. Delete one first.`,
  );
}

/**
 * Changes fields of a rule; the others stay. Its open alerts stay open while the new condition holds. Throws
 * `unknown_alert_rule`, `busy`, and `invalid_request` for fields that its type does not have and for channels
 * that do not exist.
 */
export async function changeRule(ctx: Context, id: string, patch: AlertRulePatch): Promise<AlertRule> {
  for (let tried = 0; tried < TRIES; tried++) {
    const { rule, json } = await read(ctx, id);
    checkFields(rule.type, patch);
    await checkNotified(ctx, patch.channels ?? [], '/channels', new Set(rule.channels));
    const next = { ...rule, ...patch, updated_ms: ctx.now() } as StoredRule;
    const replaced = await replaceFieldScript(
      ctx.redis,
      { key: keys.alertRules },
      { field: id, read: json, value: JSON.stringify(next) },
    );
    if (replaced === 1) return shown(next, await ctx.redis.hkeys(keys.openAlerts));
  }
  throw new AppError('busy', 'The rule is being changed by others all the time. Try again in 2 s.', {
    retryAfterSeconds: 2,
  });
}

/** Deletes a rule. Its open alerts end without being told. Throws `unknown_alert_rule`. */
export async function deleteRule(ctx: Context, id: string): Promise<void> {
  if ((await ctx.redis.hdel(keys.alertRules, id)) === 0) throw new AppError('unknown_alert_rule');
}

async function read(ctx: Context, id: string): Promise<{ rule: StoredRule; json: string }> {
  const json = await ctx.redis.hget(keys.alertRules, id);
  const rule = json === null ? undefined : readRow(ctx, RULE_ROW, json, id);
  if (json === null || !rule) throw new AppError('unknown_alert_rule');
  return { rule, json };
}

/** Fields that every type has. */
const COMMON: ReadonlySet<string> = new Set(['name', 'channels', 'callback', 'enabled']);

function checkFields(type: AlertType, patch: AlertRulePatch): void {
  const known = ALERT_FIELDS[type];
  const other = Object.keys(patch).find((field) => !COMMON.has(field) && !(field in known));
  if (other === undefined) return;
  const message = `is no field of a rule of type ${type}, which has ${[...COMMON, ...Object.keys(known)].join(', ')}`;
  throw new AppError('invalid_request', `The request is not valid: /${other} ${message}.`, {
    issues: [{ path: `/${other}`, message }],
  });
}

function shown({ created_ms, updated_ms, ...rule }: StoredRule, places: readonly string[]): AlertRule {
  const open = places.filter((place) => place.startsWith(`${rule.id} `)).length;
  return { ...rule, open, created_at: iso(created_ms), updated_at: iso(updated_ms) };
}
