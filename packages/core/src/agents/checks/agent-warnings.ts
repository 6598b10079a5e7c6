import {
  type AgentConfig,
  type AgentWarning,
  needsOf,
  type PriceOf,
  parseModel,
  SANDBOX_MODEL,
  SAVE_CHECK_MS,
} from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { isRedisUnavailable } from '../../redis/unavailable.js';
import { liveWorkers, type ProcessInfo } from '../../stats/heartbeat.js';
import { zoneOf } from '../schedules/zone.js';
import { openSecrets } from '../tool-secrets.js';
import { readVersion } from '../version-store.js';
import { askWorker } from './ask-worker.js';
import { depthWarnings } from './depth-warnings.js';

/**
 * What may not work in a saved version: providers that no live worker can call, and tools as a worker finds
 * them. Takes at most a little more than SAVE_CHECK_MS, whatever servers do. The version is stored already,
 * so nothing here rejects because of Redis.
 */
export async function agentWarnings(ctx: Context, agentId: string, version: number): Promise<AgentWarning[]> {
  try {
    const stored = await readVersion(ctx, agentId, version);
    if (!stored) return [];
    const { tools, model, fallback_models, budget, masks, schedules } = openSecrets(
      stored,
      ctx.secrets,
      agentId,
    );
    const models = [model, ...fallback_models];
    const always = [...(masks?.length ? [filesNotMasked] : []), ...zoneWarnings(schedules)];
    if (tools.length === 0 && models.every((each) => each === SANDBOX_MODEL)) return always;
    const known = [
      ...always,
      ...priceWarnings(models, ctx.models.priceOf, budget),
      ...(await depthWarnings(ctx, { tools })),
    ];
    const workers = await liveWorkers(ctx);
    if (workers.length === 0) return [...known, noWorker];
    return [...known, ...providerWarnings(models, workers), ...(await toolWarnings(ctx, agentId, tools))];
  } catch (error) {
    if (isRedisUnavailable(error)) return [notChecked('', 'Redis did not answer, so nothing was checked.')];
    throw error;
  }
}

async function toolWarnings(
  ctx: Context,
  agentId: string,
  tools: Parameters<typeof askWorker>[1]['tools'],
): Promise<AgentWarning[]> {
  if (tools.length === 0) return [];
  const checked = await askWorker(ctx, { agent: { id: agentId }, tools, list: false }, SAVE_CHECK_MS);
  return checked?.problems ?? [noAnswer('/tools', SAVE_CHECK_MS)];
}

/**
 * The models whose provider no live worker can call. The first one is the agent's, the others its fallbacks.
 */
export function providerWarnings(models: readonly string[], workers: readonly ProcessInfo[]): AgentWarning[] {
  const configured = new Set<string>(workers.flatMap(({ providers = [] }) => providers));
  return models.flatMap((model, index): AgentWarning[] => {
    const provider = parseModel(model)?.provider;
    if (provider === undefined || configured.has(provider)) return [];
    const needs = needsOf(provider).join(' and ');
    return [
      {
        path: pathOf(index),
        code: 'provider_not_configured',
        detail: `No live worker can call "${provider}". Set ${needs} for the worker.`,
      },
    ];
  });
}

/** The models whose runs will have no cost. */
function priceWarnings(
  models: readonly string[],
  priceOf: PriceOf,
  budget: AgentConfig['budget'],
): AgentWarning[] {
  const warnings = models.flatMap((model, index): AgentWarning[] => {
    if (priceOf(model) !== undefined) return [];
    const detail =
      `No price is known for "${model}", so its runs have "cost_usd": null and max_cost_usd cannot be set. ` +
      'PRICES_FILE can give one.';
    return [{ path: pathOf(index), code: 'unknown_price', detail }];
  });
  const unpriced = models.find((model) => priceOf(model) === undefined);
  if (!budget || unpriced === undefined) return warnings;
  const unkept = USD_LIMITS.filter((limit) => budget[limit] !== null);
  return [
    ...warnings,
    ...unkept.map((limit): AgentWarning => {
      const detail = `${limit} does not hold for ${unpricedTurns(unpriced)}`;
      return { path: `/budget/${limit}`, code: 'unknown_price', detail };
    }),
  ];
}

const USD_LIMITS = ['per_day_usd', 'per_month_usd'] as const;

/** What a budget in USD does not hold, and what to do about it. */
export const unpricedTurns = (model: string): string =>
  `turns of "${model}", whose price is unknown. Give its price in PRICES_FILE, or set per_day_tokens.`;

/** The place of the agent's model, or of a fallback. */
const pathOf = (index: number): string => (index === 0 ? '/model' : `/fallback_models/${index - 1}`);

/** Schedules whose time zone this machine does not know: they were saved where it was known. */
const zoneWarnings = (schedules: AgentConfig['schedules'] = []): AgentWarning[] =>
  schedules.flatMap(({ id, timezone }, index) =>
    zoneOf(timezone)
      ? []
      : {
          path: `/schedules/${index}/timezone`,
          code: 'unknown_timezone' as const,
          detail: `The time zone ${JSON.stringify(timezone)} of the schedule "${id}" is unknown on this machine, so it runs in UTC. Set a known time zone.`,
        },
  );

const filesNotMasked: AgentWarning = {
  path: '/masks',
  code: 'files_not_masked',
  detail:
    'Files of events are stored and given to the model as they are, also texts: masks do not apply to them. With ' +
    '"retention": {"store": "none"} they are removed after the end.',
};

/** The problem if there is no worker to ask. */
export const noWorker: AgentWarning = {
  path: '',
  code: 'not_checked',
  detail: 'No worker is alive, so nothing was checked.',
};

const notChecked = (path: string, detail: string): AgentWarning => ({ path, code: 'not_checked', detail });

/** The problem if no worker answered in time. */
export const noAnswer = (path: string, waitMs: number): AgentWarning =>
  notChecked(path, `No worker has checked the tools within ${waitMs / 1000} seconds.`);
