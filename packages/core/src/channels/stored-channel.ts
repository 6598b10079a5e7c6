import {
  CHANNEL_SECRETS,
  type ChannelSettings,
  type ChannelType,
  iso,
  type NotifyChannel,
} from '@agenthook/contracts';
import { contextOf } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';

/** A notify channel as it is stored. */
export interface StoredChannel {
  id: string;
  name: string;
  type: ChannelType;
  created_ms: number;
  updated_ms: number;
  /** The fields that are no secrets. */
  settings: Record<string, unknown>;
  /** The secrets, sealed, by field. */
  sealed: Record<string, string>;
}

/** A channel as the API shows it. */
export const shownChannel = ({
  id,
  name,
  type,
  settings,
  sealed,
  created_ms,
  updated_ms,
}: StoredChannel): NotifyChannel => ({
  id,
  name,
  type,
  ...settings,
  ...Object.fromEntries(Object.keys(sealed).map((field) => [field, true as const])),
  created_at: iso(created_ms),
  updated_at: iso(updated_ms),
});

/** A channel with other fields. Each secret is sealed for this channel alone. */
export function withFields(
  box: SecretBox,
  channel: StoredChannel,
  fields: Record<string, unknown>,
): StoredChannel {
  const settings = { ...channel.settings };
  const sealed = { ...channel.sealed };
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (CHANNEL_SECRETS[channel.type].includes(field))
      sealed[field] = box.seal(`${value}`, contextOf.channel(channel.id));
    else settings[field] = value;
  }
  return { ...channel, settings, sealed };
}

/** The fields of a channel with its secrets; undefined if one that it needs was reset. */
export function openSettings<Kind extends ChannelType>(
  box: SecretBox,
  channel: StoredChannel & { type: Kind },
): ChannelSettings<Kind> | undefined {
  const opened = Object.entries(channel.sealed).map(([field, sealed]) => [
    field,
    box.open(sealed, contextOf.channel(channel.id)),
  ]);
  const settings = { ...channel.settings, ...Object.fromEntries(opened) };
  const isWhole = CHANNEL_SECRETS[channel.type].every((field) => field in settings || OPTIONAL.has(field));
  return isWhole ? settings : undefined;
}

/** Secrets that a channel works without. A webhook always has one: it is made for it. */
const OPTIONAL: ReadonlySet<string> = new Set(['smtp_url']);
