import { randomBytes } from 'node:crypto';
import {
  CHANNEL_FIELDS,
  MAX_CHANNELS,
  type NotifyChannel,
  type NotifyChannelInput,
  type NotifyChannelPatch,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { addFieldScript } from '../redis/add-field.script.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';
import { replaceFieldScript } from '../secrets/replace-field.script.js';
import { bytesOfSecret, createCallbackSecret } from '../secrets/signing-secret.js';
import { type StoredChannel, shownChannel, withFields } from './stored-channel.js';

export const CHANNEL_ROW: RowKind<StoredChannel> = {
  name: 'notify channel',
  fields: {
    id: 'string',
    name: 'string',
    type: 'string',
    created_ms: 'time',
    updated_ms: 'time',
    settings: 'object',
    sealed: 'object',
  },
};

/** How often a change begins again because others change the channel. */
const TRIES = 20;

const refuse = (path: string, message: string): AppError =>
  new AppError('invalid_request', `The request is not valid: ${path} ${message}.`, {
    issues: [{ path, message }],
  });

/** All notify channels, by name. */
export async function readChannels(ctx: Context): Promise<Map<string, StoredChannel>> {
  const rows = await ctx.redis.hgetall(keys.notifyChannels);
  const names = Object.keys(rows).sort();
  return new Map(
    names.flatMap((name) => {
      const channel = readRow(ctx, CHANNEL_ROW, rows[name] ?? '', name);
      return channel ? [[name, channel]] : [];
    }),
  );
}

/** All notify channels, without their secrets. */
export const listChannels = async (ctx: Context): Promise<NotifyChannel[]> =>
  [...(await readChannels(ctx)).values()].map(shownChannel);

/** A notify channel, by its id or its name. Throws `unknown_channel`. */
export async function findChannel(ctx: Context, idOrName: string): Promise<StoredChannel> {
  const channels = await readChannels(ctx);
  const found = channels.get(idOrName) ?? [...channels.values()].find(({ id }) => id === idOrName);
  if (!found) throw new AppError('unknown_channel');
  return found;
}

/** A notify channel without its secrets, by its id or its name. Throws `unknown_channel`. */
export const getChannel = async (ctx: Context, idOrName: string): Promise<NotifyChannel> =>
  shownChannel(await findChannel(ctx, idOrName));

/**
 * Creates a notify channel. A webhook gets a secret if none is given, which only this answer shows. Throws
 * `invalid_request`, `channel_exists`, `too_many_channels`.
 */
export async function createChannel(ctx: Context, input: NotifyChannelInput): Promise<NotifyChannel> {
  const { name, type, ...fields } = input;
  const made = type === 'webhook' && input.secret === undefined ? { secret: createCallbackSecret() } : {};
  checkSecret({ ...fields, ...made });
  const now = ctx.now();
  const id = `ntc_${randomBytes(12).toString('hex')}`;
  const empty = { id, name, type, created_ms: now, updated_ms: now, settings: {}, sealed: {} };
  const channel = withFields(ctx.secrets, empty, { ...fields, ...made });
  const at = { key: keys.notifyChannels };
  const stored = { field: name, value: JSON.stringify(channel), most: MAX_CHANNELS };
  switch (await addFieldScript(ctx.redis, at, stored)) {
    case 'created':
      return { ...shownChannel(channel), ...made };
    case 'exists':
      throw new AppError('channel_exists', `There is a notify channel "${name}" already.`);
    case 'full':
      throw new AppError(
        'too_many_channels',
        `There are ${MAX_CHANNELS} notify channels, and no more may be made. Delete one first.`,
      );
  }
}

/**
 * Changes fields of a notify channel; the others stay, secrets included. Throws `unknown_channel`, and
 * `invalid_request` for fields that its type does not have, and `busy`.
 */
export async function changeChannel(
  ctx: Context,
  idOrName: string,
  patch: NotifyChannelPatch,
): Promise<NotifyChannel> {
  checkSecret(patch);
  for (let tried = 0; tried < TRIES; tried++) {
    const channel = await findChannel(ctx, idOrName);
    const known = CHANNEL_FIELDS[channel.type];
    const other = Object.keys(patch).find((field) => !(field in known));
    if (other !== undefined)
      throw refuse(
        `/${other}`,
        `is no field of a channel of type ${channel.type}, which has ${Object.keys(known).join(', ')}`,
      );
    const read = JSON.stringify(channel);
    const next = { ...withFields(ctx.secrets, channel, patch), updated_ms: ctx.now() };
    const replaced = await replaceFieldScript(
      ctx.redis,
      { key: keys.notifyChannels },
      { field: channel.name, read, value: JSON.stringify(next) },
    );
    if (replaced === 1) return shownChannel(next);
  }
  throw new AppError('busy', 'The channel is being changed by others all the time. Try again in 2 s.', {
    retryAfterSeconds: 2,
  });
}

/** Deletes a notify channel. What is still to be told through it is skipped. Throws `unknown_channel`. */
export async function deleteChannel(ctx: Context, idOrName: string): Promise<void> {
  // By its name, it may be damaged.
  if ((await ctx.redis.hdel(keys.notifyChannels, idOrName)) === 1) return;
  const { name } = await findChannel(ctx, idOrName);
  if ((await ctx.redis.hdel(keys.notifyChannels, name)) === 0) throw new AppError('unknown_channel');
}

/**
 * Throws `invalid_request` for names of channels that do not exist.
 *
 * @param accepted names that are not checked
 */
export async function checkNotified(
  ctx: Context,
  names: readonly string[],
  path: string,
  accepted: ReadonlySet<unknown> = new Set(),
): Promise<void> {
  if (names.length === 0) return;
  const found = await ctx.redis.hmget(keys.notifyChannels, ...names);
  const missing = names.findIndex((name, n) => found[n] === null && !accepted.has(name));
  if (missing !== -1)
    throw refuse(`${path}/${missing}`, `names no notify channel: there is no "${names[missing]}"`);
}

function checkSecret({ secret }: { secret?: string }): void {
  if (secret !== undefined && bytesOfSecret(secret) === undefined)
    throw refuse('/secret', 'must be whsec_ and the base64 of 24 to 64 bytes');
}
