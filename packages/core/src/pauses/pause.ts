import { iso, MAX_PAUSED_MODELS, type Pause, type PauseInput, parseModel } from '@agenthook/contracts';
import { readPause } from '../agents/agent-pause.js';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { beginPauseScript } from './begin-pause.script.js';
import { EVERYTHING, isModelPause, MODEL_BEGINNING, modelPause } from './pause-names.js';

/** What is paused, and where it is noted. */
export interface PausePlace {
  name: string;
  shards: number[];
}

/**
 * Pauses an agent, a provider or a model, or everything, until a person resumes it. Attempts that run go on
 * to their end; no other begins, but for tests. Returns the pause; if there is one already, that one.
 *
 * Throws `invalid_request`, `unknown_agent`, `too_many_pauses`.
 */
export async function pause(ctx: Context, input: PauseInput, by: string | null): Promise<Pause> {
  const { note = null, ...target } = input;
  const { name, shards } = await placeOfPause(ctx, input);
  checkProvider(ctx, input.provider);
  const begun: Pause = { ...target, since: iso(ctx.now()), by, note };
  let known: string | null = null;
  for (const shard of shards) {
    known = await beginPauseScript(
      ctx.redis,
      { pauses: keys.pauses(shard) },
      {
        name,
        pause: known ?? JSON.stringify(begun),
        counted: isModelPause(name) ? MODEL_BEGINNING : '',
        most: MAX_PAUSED_MODELS,
      },
    );
    if (known === null)
      throw new AppError(
        'too_many_pauses',
        `${MAX_PAUSED_MODELS} providers and models are paused already. Resume one first.`,
      );
  }
  return readPause(ctx, name, known ?? '', targetOf(name));
}

/** Where the pause of a target is noted. Throws `invalid_request`, `unknown_agent`. */
export async function placeOfPause(
  ctx: Context,
  { scope, agent_id, provider }: Omit<PauseInput, 'note'>,
): Promise<PausePlace> {
  const all = [...ctx.queues.keys()];
  checkFields(scope, { agent_id, provider });
  if (agent_id !== undefined) {
    if (!(await agentExists(ctx, agent_id))) throw unknownAgent(agent_id);
    return { name: agent_id, shards: [shardOfAgent(agent_id, all.length)] };
  }
  return { name: provider === undefined ? EVERYTHING : modelPause(provider), shards: all };
}

/** Only for a new pause: an operator may remove a provider that is paused, and it must still be resumed. */
function checkProvider(ctx: Context, provider: string | undefined): void {
  if (provider === undefined) return;
  const name = parseModel(provider)?.provider ?? provider;
  if (ctx.models.providers.kindOf(name) === undefined)
    throw invalid('provider', `names the provider ${name}, which does not exist; see GET /api/models`);
}

function checkFields(scope: PauseInput['scope'], given: Record<'agent_id' | 'provider', string | undefined>) {
  const needed = scope === 'agent' ? 'agent_id' : scope;
  for (const field of ['agent_id', 'provider'] as const) {
    if (field === needed && given[field] === undefined) throw invalid(field, `is required for ${scope}`);
    if (field !== needed && given[field] !== undefined) throw invalid(field, `does not belong to ${scope}`);
  }
}

const invalid = (field: string, message: string): AppError =>
  new AppError('invalid_request', `The request is not valid: /${field} ${message}.`, {
    issues: [{ path: `/${field}`, message }],
  });

/** What the name of a pause says about it. */
function targetOf(name: string): Pick<Pause, 'scope' | 'agent_id'> {
  if (name === EVERYTHING) return { scope: 'installation' };
  return isModelPause(name) ? { scope: 'provider' } : { scope: 'agent', agent_id: name };
}

/** All pauses by people: that of everything, those of providers, those of agents. */
export async function listPauses(ctx: Context): Promise<Pause[]> {
  const found = new Map<string, Pause>();
  for (const shard of ctx.queues.keys())
    for (const [name, json] of Object.entries(await ctx.redis.hgetall(keys.pauses(shard))))
      found.set(name, readPause(ctx, name, json, targetOf(name)));
  const order = ['installation', 'provider', 'agent'];
  return [...found.values()].sort((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope));
}
