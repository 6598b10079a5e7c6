import { parseArgs } from 'node:util';
import type { Pause, PauseList, ResumeInput } from '@agenthook/contracts';
import { UserError } from '../user-error.js';
import { openApi } from './open-api.js';

const TARGETS = 'all, agent ID, or provider NAME (such as openai, or openai:gpt-5-mini)';

/** `agenthook pause TARGET [--note TEXT]`. Returns the exit code. Throws UserError. */
export async function pause(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const { target, note } = read('pause', args);
  const paused = await openApi(root, env).ask<Pause>('POST', '/api/pause', {
    ...target,
    ...(note !== undefined && { note }),
  });
  console.log(`Paused: ${textOf(paused)}. Events are taken, and wait.`);
  return 0;
}

/** `agenthook resume TARGET`. */
export async function resume(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const { target } = read('resume', args);
  await openApi(root, env).ask<void>('POST', '/api/resume', target);
  console.log(`Not paused: ${nameOf(target)}. What waited runs in its order.`);
  return 0;
}

/** `agenthook pauses`: what is paused, one a line. */
export async function pauses(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  if (args.length > 0) throw new UserError('pauses takes nothing.');
  const { pauses: list } = await openApi(root, env).ask<PauseList>('GET', '/api/pauses');
  if (list.length === 0) console.log('Nothing is paused.');
  for (const each of list) console.log(textOf(each));
  return 0;
}

function read(command: string, args: string[]): { target: ResumeInput; note: string | undefined } {
  const { values, positionals } = parsed(command, args);
  const [scope, name, ...more] = positionals;
  const { note } = values;
  if (more.length === 0) {
    if (scope === 'all' && name === undefined) return { target: { scope: 'installation' }, note };
    if (scope === 'agent' && name) return { target: { scope, agent_id: name }, note };
    if (scope === 'provider' && name) return { target: { scope, provider: name }, note };
  }
  throw new UserError(`${command} takes ${TARGETS}.`);
}

function parsed(command: string, args: string[]) {
  try {
    const options = command === 'pause' ? ({ note: { type: 'string' } } as const) : {};
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    return { values: values as { note?: string }, positionals };
  } catch (error) {
    throw new UserError(`${command} takes ${TARGETS}. ${(error as Error).message}`);
  }
}

const nameOf = ({ scope, agent_id, provider }: ResumeInput): string =>
  scope === 'installation' ? 'everything' : `${scope} ${agent_id ?? provider}`;

const textOf = (paused: Pause): string =>
  `${nameOf(paused)}, by ${paused.by ?? 'the admin key'} since ${paused.since}${paused.note ? ` (${paused.note})` : ''}`;
