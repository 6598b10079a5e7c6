import { sleep } from '@agenthook/async';
import type { Agent, AgentConfig, AgentInput, AgentPatch, AgentProblem } from '@agenthook/contracts';
import { canonicalJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { enableCallback } from './agent-callback.js';
import { checkConfig, configFromInput, configWithPatch } from './agent-config.js';
import type { AgentHash } from './agent-hash.js';
import { readPauses } from './agent-pause.js';
import { maskSecrets, sealSecrets } from './agent-secrets.js';
import { type CallbackChange, changeCallback, checkCallback } from './change-callback.js';
import { prunePins } from './pin-store.js';
import { agentOf, readConfig } from './read-agent.js';
import { saveVersion } from './save-version.js';
import { changesOfSchedules } from './schedules/schedule-store.js';
import { checkRepairs } from './stored/stored-config.js';

/**
 * How often a save is retried when other processes save the same agent, and the longest pause before that, in
 * ms. Saves of this process take turns, so each round another process has saved.
 */
const TRIES = 100;
const MAX_PAUSE_MS = 50;

interface Save {
  /** The version in If-Match; prevents lost updates. */
  ifVersion?: number | undefined;
  /** The caller's name. */
  savedBy?: string | null;
}

/** Saves a change, after the other changes of the agent in this process. */
const update = (...args: Parameters<typeof save>): Promise<Agent> =>
  args[0].agentTurns(args[1], () => save(...args));

async function save(
  ctx: Context,
  id: string,
  { ifVersion, savedBy = null }: Save,
  callbackInput: AgentInput['callback'],
  change: (config: AgentConfig, problem: AgentProblem | null) => AgentConfig,
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
    const config = change(maskSecrets(stored.config), stored.problem);
    const nowMs = ctx.now();
    await checkConfig(ctx, id, config, stored.config, nowMs);
    const sealed = sealSecrets(config, stored.config, ctx.secrets, id);
    const changed = changedFields(stored.config, sealed);
    // A save of a damaged agent repairs what is stored, even if it changes nothing.
    if (changed.length === 0 && !callback.replaces && !stored.problem)
      return await unchanged(ctx, id, callback, stored.hash);
    const schedules = await changesOfSchedules(ctx, id, config, stored.config, nowMs);
    const saving = { createdMs: stored.createdMs, by: savedBy, changed, schedules };
    const saved = await saveVersion(ctx, id, stored.version, sealed, saving, callback);
    if (!saved) {
      await sleep(Math.random() * MAX_PAUSE_MS);
      continue;
    }
    await prunePins(ctx, id, config);
    return saved;
  }
  throw new AppError('busy', 'Other processes keep changing the agent. Try again.');
}

/** The agent as it was read. A change that changes nothing makes no version, but may enable the callback. */
async function unchanged(
  ctx: Context,
  id: string,
  { named }: CallbackChange,
  { callback_disabled, ...hash }: AgentHash,
): Promise<Agent> {
  if (named) await enableCallback(ctx, id);
  const [paused = null] = await readPauses(ctx, [id]);
  const kept = named || callback_disabled === undefined ? hash : { ...hash, callback_disabled };
  const agent = await agentOf(ctx, id, kept, paused);
  if (!agent) throw unknownAgent(id);
  return agent;
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
  update(ctx, id, save, patch.callback, (config, problem) => {
    checkRepairs(problem, patch);
    return configWithPatch(config, patch);
  });
