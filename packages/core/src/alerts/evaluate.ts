import { randomBytes } from 'node:crypto';
import { ALERT_DAYS, MAX_ALERTS, MAX_OPEN_ALERTS } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import type { StoredAlert } from './alert-store.js';
import type { Firing, Pass, Reading } from './conditions/condition.js';
import { readRule } from './conditions/index.js';
import { dropRecoveredScript } from './drop-recovered.script.js';
import { readRules } from './rule-store.js';
import { settleRuleScript } from './settle-rule.script.js';
import type { StoredRule } from './stored-rule.js';

const DAY_MS = 86_400_000;

/**
 * Looks at all rules once: opens alerts for what their conditions hold for, and resolves those for which they
 * no longer do. Each rule's outcome is written in one step, so that a process that dies has told it or not.
 *
 * @param places what this process remembers between two looks
 */
export async function evaluateAlerts(ctx: Context, places: Map<string, string>): Promise<void> {
  const [rules, open, states] = await Promise.all([
    readRules(ctx),
    ctx.redis.hkeys(keys.openAlerts),
    ctx.redis.hgetall(keys.alertStates),
  ]);
  const subjects = new Map<string, string[]>();
  for (const place of open) {
    const [ruleId = ''] = place.split(' ', 1);
    subjects.set(ruleId, [...(subjects.get(ruleId) ?? []), place.slice(ruleId.length + 1)]);
  }
  const pass: Pass = { ctx, nowMs: ctx.now(), places, recovered: new Map() };
  let allSeen = true;
  for (const { rule, json } of rules) {
    const own = subjects.get(rule.id) ?? [];
    subjects.delete(rule.id);
    try {
      await lookAt(pass, { rule, json, open: own, state: states[rule.id] });
    } catch (error) {
      allSeen = false;
      ctx.log.warn({ err: error, rule_id: rule.id }, 'an alert rule could not be looked at; it will be');
    }
  }
  for (const [ruleId, over] of subjects) await end(ctx, ruleId, '', over);
  for (const ruleId of Object.keys(states))
    if (!rules.some(({ rule }) => rule.id === ruleId)) await end(ctx, ruleId, '', []);
  if (!allSeen || pass.recovered.size === 0) return;
  const seen = [...pass.recovered].map(([agent, entry]) => ({ agent, entry }));
  await dropRecoveredScript(ctx.redis, { failing: keys.failing }, { seen });
}

interface Known {
  rule: StoredRule;
  /** The rule as it is stored. */
  json: string;
  /** The subjects of its open alerts. */
  open: readonly string[];
  state: string | undefined;
}

async function lookAt(pass: Pass, { rule, json, open, state }: Known): Promise<void> {
  const { ctx } = pass;
  const isWatched = rule.enabled && (rule.agent_id === null || (await agentExists(ctx, rule.agent_id)));
  if (!isWatched) return void (open.length > 0 && (await end(ctx, rule.id, json, open)));
  const reading = await readRule(pass, rule, open, state === undefined ? undefined : JSON.parse(state));
  if (!reading) return;
  const room = Math.max(0, MAX_OPEN_ALERTS - open.length);
  const news = reading.firing.filter(({ subject }) => !open.includes(subject)).slice(0, room);
  const over = reading.over.filter(
    (subject) => open.includes(subject) || news.some((each) => each.subject === subject),
  );
  if (news.length === 0 && over.length === 0 && reading.state === undefined) return;
  await settle(ctx, rule, json, news, { ...reading, over });
}

async function settle(
  ctx: Context,
  rule: StoredRule,
  json: string,
  news: readonly Firing[],
  { over, state }: Reading,
): Promise<void> {
  const opened = await Promise.all(
    news.map(async (one) => [one.subject, createId(ctx), await aboutOf(rule, one)]),
  );
  for (const one of opened) ctx.log.warn({ rule_id: rule.id, alert_id: one[1] }, 'an alert begins');
  await settleRuleScript(ctx.redis, keysOfAlerts, {
    ...common(ctx),
    rule: rule.id,
    read: json,
    state: state === undefined ? '' : JSON.stringify(state),
    resolution: 'recovered',
    tells: true,
    news: opened.length,
    given: [...opened.flat(), ...over],
  });
}

/** Ends alerts without telling that: their rule is not watched any more. */
async function end(ctx: Context, ruleId: string, json: string, over: readonly string[]): Promise<void> {
  await settleRuleScript(ctx.redis, keysOfAlerts, {
    ...common(ctx),
    rule: ruleId,
    read: json,
    state: '',
    resolution: 'rule_changed',
    tells: false,
    news: 0,
    given: over,
  });
}

const keysOfAlerts = {
  rules: keys.alertRules,
  open: keys.openAlerts,
  alerts: keys.alerts,
  outbox: keys.alertOutbox,
  states: keys.alertStates,
};

const common = (ctx: Context) => ({
  prefix: keys.alertPrefix,
  most: MAX_ALERTS,
  oldest: ctx.now() - ALERT_DAYS * DAY_MS,
});

/** Alerts sort by when they began. */
const createId = (ctx: Context): string =>
  `alt_${ctx.now().toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;

async function aboutOf(rule: StoredRule, { agentId, taskId, text }: Firing): Promise<string> {
  const about: StoredAlert = {
    rule_id: rule.id,
    rule: rule.name,
    type: rule.type,
    agent_id: agentId,
    task_id: taskId ?? null,
    text: await text(),
    channels: rule.channels,
    callback: rule.callback,
  };
  return JSON.stringify(about);
}
