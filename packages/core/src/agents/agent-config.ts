import { type AgentConfig, AgentInput, AgentLimits, type AgentPatch } from '@agenthook/contracts';
import { checkNotified } from '../channels/channel-store.js';
import type { Context } from '../context.js';
import { checkAgentTools } from './check-agent-tools.js';
import { checkDestinations } from './check-destinations.js';
import { checkFilters } from './check-filter.js';
import { checkModelOptions } from './check-model-options.js';
import { checkSignature } from './check-signature.js';
import { checkBudget, completeBudget } from './complete-budget.js';
import { checkBurst, completeBurst } from './complete-burst.js';
import { completeConversation } from './complete-conversation.js';
import { completeResponse } from './complete-response.js';
import { checkMasks, checkRetention, completeRetention } from './complete-retention.js';
import { completeSignature } from './complete-signature.js';
import {
  checkModels,
  checkResponse,
  checkSchemas,
  checkTemplates,
  checkToolCount,
  checkToolNames,
  checkToolNeeds,
  checkToolSecrets,
} from './config-checks.js';
import { defaultsOf } from './defaults-of.js';
import { checkSchedules } from './schedules/check-schedules.js';
import { completeSchedules } from './schedules/complete-schedules.js';

const DEFAULTS = { ...defaultsOf(AgentInput), status: 'active' };
const DEFAULT_LIMITS = defaultsOf(AgentLimits);

/** Removes undefined fields, so that they do not hide a default. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** The part of a callback that a version stores. A version never changes, but secrets are rotated. */
const withoutSecret = (callback: AgentInput['callback']): AgentConfig['callback'] =>
  callback ? { url: callback.url } : null;

/** A complete configuration from a client's input. Missing fields get their defaults. */
export function configFromInput(input: AgentInput, defaultModel: string): AgentConfig {
  const { limits, callback, ...rest } = input;
  return {
    ...DEFAULTS,
    model: defaultModel,
    ...defined(rest),
    budget: completeBudget(rest.budget),
    retention: completeRetention(rest.retention),
    burst: completeBurst(rest.burst),
    conversation: completeConversation(rest.conversation),
    response: completeResponse(rest.response),
    schedules: completeSchedules(rest.schedules),
    signature: rest.signature ? completeSignature(rest.signature) : null,
    callback: withoutSecret(callback),
    limits: { ...DEFAULT_LIMITS, ...defined(limits ?? {}) },
  } as AgentConfig;
}

/** `config` with the changes of a PATCH. Limits are merged one by one. */
export function configWithPatch(config: AgentConfig, patch: AgentPatch): AgentConfig {
  const { limits, callback, ...rest } = patch;
  return {
    ...config,
    ...defined(rest),
    ...(rest.signature ? { signature: completeSignature(rest.signature) } : {}),
    ...(rest.budget !== undefined && { budget: completeBudget(rest.budget) }),
    ...(rest.retention !== undefined && { retention: completeRetention(rest.retention) }),
    ...(rest.burst !== undefined && { burst: completeBurst(rest.burst) }),
    ...(rest.conversation !== undefined && { conversation: completeConversation(rest.conversation) }),
    ...(rest.response !== undefined && { response: completeResponse(rest.response) }),
    ...(rest.schedules !== undefined && { schedules: completeSchedules(rest.schedules) }),
    ...(callback !== undefined && { callback: withoutSecret(callback) }),
    limits: { ...config.limits, ...defined(limits ?? {}) },
  } as AgentConfig;
}

/**
 * Throws if a configuration could never run: `unknown_model`, `invalid_template`, `invalid_schema`,
 * `invalid_filter`, `invalid_approval`, `invalid_schedule`, `unknown_price`, `invalid_tools`, or
 * `invalid_request` for incomplete tools. Throws `busy` if schemas or filter could not be compiled in time.
 *
 * @param before the configuration that it replaces
 * @param nowMs Redis's time, from which a new schedule runs
 */
export async function checkConfig(
  ctx: Context,
  agentId: string,
  config: AgentConfig,
  before: AgentConfig | undefined,
  nowMs: number,
): Promise<void> {
  checkModels(config, ctx.models);
  checkModelOptions(config, ctx.models.providers);
  checkTemplates(config);
  checkResponse(config);
  checkBurst(config, before);
  checkBudget(config.budget, '/budget');
  checkRetention(config);
  checkToolNames(config);
  checkToolCount(config);
  checkToolNeeds(config);
  checkSignature(config);
  await checkChannels(ctx, config, before);
  if (config.schedules?.length) checkSchedules(config, before?.schedules ?? [], nowMs);
  await checkSchemas(ctx.bounded, agentId, config);
  await checkFilters(ctx.bounded, agentId, config);
  await checkMasks(ctx.bounded, agentId, config);
  checkToolSecrets(config);
  await checkAgentTools(ctx, agentId, config, before);
  await checkDestinations(ctx, agentId, config, before);
}

/** Checks notify channels that were not named before. A deleted one must not keep an agent from its save. */
async function checkChannels(
  ctx: Context,
  config: AgentConfig,
  before: AgentConfig | undefined,
): Promise<void> {
  const known = new Set([before?.notify, ...(before?.tools ?? []).map(({ notify }) => notify)].flat());
  const places = [
    { path: '/notify', names: config.notify },
    ...config.tools.map(({ notify }, n) => ({ path: `/tools/${n}/notify`, names: notify })),
  ];
  for (const { path, names = [] } of places)
    if (names.some((name) => !known.has(name))) await checkNotified(ctx, names, path, known);
}
