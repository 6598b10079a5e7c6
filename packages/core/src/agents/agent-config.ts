import {
  type AgentConfig,
  type AgentInput,
  type AgentPatch,
  DEFAULT_MAX_PENDING,
  DEFAULT_MODEL_TIMEOUT_SECONDS,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { checkFilters } from './check-filter.js';
import { checkSignature } from './check-signature.js';
import { completeResponse } from './complete-response.js';
import { completeSignature } from './complete-signature.js';
import {
  checkModels,
  checkResponse,
  checkSchemas,
  checkTemplates,
  checkToolCount,
  checkToolNames,
  checkToolNeeds,
} from './config-checks.js';

const DEFAULTS = {
  description: '',
  status: 'active',
  fallback_models: [],
  system_prompt: '',
  input_template: '',
  tools: [],
  input_schema: null,
  output_schema: null,
  filter: null,
  ignore_senders: [],
  breaker: null,
  allow_get: false,
  allow_empty_body: false,
  sandbox_tools: false,
  public_result: 'full',
  result_shape: 'flat',
  response: null,
  signature: null,
} satisfies Partial<AgentConfig>;

const DEFAULT_LIMITS: AgentConfig['limits'] = {
  timeout_seconds: 300,
  model_timeout_seconds: DEFAULT_MODEL_TIMEOUT_SECONDS,
  max_attempts: 3,
  max_steps: 12,
  max_output_tokens: null,
  max_total_tokens: null,
  max_cost_usd: null,
  rate_per_minute: null,
  max_concurrency: null,
  max_pending: DEFAULT_MAX_PENDING,
};

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
    response: completeResponse(rest.response),
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
    ...(rest.response !== undefined && { response: completeResponse(rest.response) }),
    ...(callback !== undefined && { callback: withoutSecret(callback) }),
    limits: { ...config.limits, ...defined(limits ?? {}) },
  } as AgentConfig;
}

/**
 * Throws if a configuration could never run: `unknown_model`, `invalid_template`, `invalid_schema`,
 * `invalid_filter`, `unknown_price`, or `invalid_request` for incomplete tools and duplicate tool names.
 * Throws `busy` if schemas or filter could not be compiled in time.
 */
export async function checkConfig(ctx: Context, agentId: string, config: AgentConfig): Promise<void> {
  checkModels(config);
  checkTemplates(config);
  checkResponse(config);
  checkToolNames(config);
  checkToolCount(config);
  checkToolNeeds(config);
  checkSignature(config);
  await checkSchemas(ctx.bounded, agentId, config);
  await checkFilters(ctx.bounded, agentId, config);
}
