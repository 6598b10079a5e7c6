import type { Agent, AgentConfig, AgentInput, AgentPatch } from '@agenthook/contracts';
import { canonicalJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { checkConfig, configFromInput, configWithPatch } from './agent-config.js';
import { maskSecrets, sealSecrets } from './agent-secrets.js';
import { changeCallback, checkCallback, withMadeSecret } from './change-callback.js';
import { getAgent } from './get-agent.js';
import { prunePins } from './pin-store.js';
import { readConfig } from './read-agent.js';
import { saveVersion } from './save-version.js';
import { changesOfSchedules } from './schedules/schedule-store.js';

/** How often a save without a condition is retried when other saves conflict with it. */
const TRIES = 5;

interface Save {
  /** The version in If-Match; prevents lost updates. */
  ifVersion?: number | undefined;
  /** The caller's name. */
  savedBy?: string | null;
}

async function update(
  ctx: Context,
  id: string,
  { ifVersion, savedBy = null }: Save,
  callbackInput: AgentInput['callback'],
  change: (config: AgentConfig) => AgentConfig,
): Promise<Agent> {
  checkCallback(callbackInput);
  const callback = changeCallback(ctx, id, callbackInput);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const stored = await readConfig(ctx, id);
    if (!stored) throw unknownAgent(id);
    if (ifVersion !== undefined && stored.version !== ifVersion) {
      throw new AppError(
        'version_conflict',
        `The agent is at version ${stored.version}, not ${ifVersion}. Read it again and repeat the change.`,
      );
    }
    const config = change(maskSecrets(stored.config));
    await checkConfig(ctx, id, config, stored.config);
    const sealed = sealSecrets(config, stored.config, ctx.secrets, id);
    const changed = changedFields(stored.config, sealed);
    const schedules = await changesOfSchedules(ctx, id, config, stored.config, ctx.now());
    const saving = { createdMs: stored.createdMs, by: savedBy, changed, schedules };
    const saved = await saveVersion(ctx, id, stored.version, sealed, saving, callback);
    if (saved === 'conflict') continue;
    await prunePins(ctx, id, config);
    return withMadeSecret(await getAgent(ctx, id), callback, saved);
  }
  throw new AppError('version_conflict', 'The agent is being changed by others at the same time. Try again.');
}

/** The fields whose values differ. A kept secret is equal; a secret that was sent counts as changed. */
const changedFields = (before: AgentConfig, after: AgentConfig): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)] as (keyof AgentConfig)[])].filter(
    (field) => canonicalJson(before[field]) !== canonicalJson(after[field]),
  );

/**
 * Replaces an agent's configuration with a new version. Throws `unknown_agent`, `version_conflict`,
 * `agent_too_large`, `too_many_versions`, and what checkConfig throws.
 */
export const replaceAgent = (
  ctx: Context,
  id: string,
  input: AgentInput,
  defaultModel: string,
  save: Save = {},
): Promise<Agent> => update(ctx, id, save, input.callback, () => configFromInput(input, defaultModel));

/** Changes some fields of an agent in a new version. Throws what replaceAgent throws. */
export const patchAgent = (ctx: Context, id: string, patch: AgentPatch, save: Save = {}): Promise<Agent> =>
  update(ctx, id, save, patch.callback, (config) => configWithPatch(config, patch));
