import { parseArgs } from 'node:util';
import { resetSecrets, rotateSecretKey } from '@agenthook/core';
import { UserError } from '../user-error.js';
import { progressLine, readOperateSettings, withRedis } from './open-redis.js';

/**
 * `agenthook rotate-secret-key`: encrypts what is stored with SECRET_KEY instead of SECRET_KEY_PREVIOUS,
 * while processes run. Returns the exit code. Throws UserError if it cannot begin.
 */
export async function rotate(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  if (args.length > 0) throw new UserError('rotate-secret-key takes no arguments.');
  const { redisUrl, secretKey, previousSecretKey } = readOperateSettings(root, env);
  if (previousSecretKey === undefined)
    throw new UserError('set SECRET_KEY to the new key and SECRET_KEY_PREVIOUS to the old one.');
  const progress = progressLine('agents');
  const rotation = await withRedis(redisUrl, (redis) =>
    rotateSecretKey(redis, secretKey, previousSecretKey, progress),
  );
  switch (rotation.outcome) {
    case 'rotated':
      console.log(
        `${rotation.values} value(s) of ${rotation.agents} agent(s) are encrypted with SECRET_KEY now. Remove ` +
          'SECRET_KEY_PREVIOUS from all processes.',
      );
      return 0;
    case 'wrong_key':
      throw new UserError(
        'neither SECRET_KEY nor SECRET_KEY_PREVIOUS is the key that this Redis is used with.',
      );
    case 'unaware':
      throw new UserError(
        `${rotation.processes.length} live process(es) do not know the new key (${rotation.processes.join(', ')}). ` +
          'Restart all with SECRET_KEY and SECRET_KEY_PREVIOUS first.',
      );
    case 'closed':
      throw new UserError(
        `all else is encrypted with SECRET_KEY now, but values of these agents open with neither key: ` +
          `${rotation.agents.join(', ')}. Enter them again, or run agenthook reset-secrets.`,
      );
  }
}

/**
 * `agenthook reset-secrets`: says what a lost SECRET_KEY takes with it, and with --yes removes that, so that
 * the rest works with the new SECRET_KEY. Returns 1 if nothing was changed.
 */
export async function reset(root: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const isSure = readYes(args);
  const { redisUrl, secretKey } = readOperateSettings(root, env);
  const reset = await withRedis(redisUrl, (redis) => resetSecrets(redis, secretKey, isSure));
  if (reset.outcome === 'running')
    throw new UserError(
      `${reset.processes} live process(es) have the key: take it from their environment, or end them.`,
    );
  for (const [agent, places] of reset.lost) console.log(`${agent}: ${[...places].join('; ')}`);
  for (const id of reset.dataKeys) console.log(`texts at rest from before a rotation (data key ${id})`);
  const lost = `secrets of ${reset.lost.size} agent(s)`;
  if (reset.outcome === 'reset') {
    console.log(
      `Removed ${lost}. This Redis is bound to SECRET_KEY now. Enter the secrets again; rotate the callback ` +
        'secrets to see new ones. Links to open decisions no longer work.',
    );
    return 0;
  }
  console.log(`SECRET_KEY cannot open ${lost}. Nothing was changed; --yes removes them for good.`);
  return reset.lost.size + reset.dataKeys.length === 0 ? 0 : 1;
}

function readYes(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { yes: { type: 'boolean', default: false } } }).values.yes;
  } catch (error) {
    throw new UserError(`reset-secrets takes --yes. ${(error as Error).message}`);
  }
}
