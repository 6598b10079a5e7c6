import { type Alert, type AlertList, type AlertType, iso, isoOrNull } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, badCursor } from '../errors.js';
import { fillPage } from '../redis/fill-page.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';
import { ALERT } from './alert-hash.js';

/** What an alert is about, as it is stored. */
export interface StoredAlert {
  rule_id: string;
  rule: string;
  type: AlertType;
  agent_id: string | null;
  task_id: string | null;
  text: string;
  /** Who is told, as the rule said when it began. */
  channels: string[];
  callback: boolean;
}

export const ALERT_ROW: RowKind<StoredAlert> = {
  name: 'alert',
  fields: { rule_id: 'string', rule: 'string', type: 'string', text: 'string', channels: 'array' },
};

const ID = /^alt_[0-9a-f]{28}$/;

/** Which alerts are listed. */
export interface AlertFilter {
  status?: Alert['status'] | undefined;
  agent_id?: string | undefined;
  rule_id?: string | undefined;
}

/** A page of the history, newest first. Throws `invalid_request` for an invalid cursor. */
export async function listAlerts(
  ctx: Context,
  { limit, cursor, ...filter }: AlertFilter & { limit: number; cursor?: string | undefined },
): Promise<AlertList> {
  if (cursor !== undefined && !ID.test(cursor)) throw badCursor();
  const fits = (alert: Alert) =>
    (filter.status === undefined || alert.status === filter.status) &&
    (filter.agent_id === undefined || alert.agent_id === filter.agent_id) &&
    (filter.rule_id === undefined || alert.rule_id === filter.rule_id);
  const { items, next } = await fillPage(
    limit,
    cursor,
    (after, count) =>
      ctx.redis.zrevrangebylex(keys.alerts, after === undefined ? '+' : `(${after}`, '-', 'LIMIT', 0, count),
    async (ids) => (await readAlerts(ctx, ids)).map(({ alert }) => alert).filter(fits),
  );
  return { alerts: items, next_cursor: next ?? null };
}

/** An alert. Throws `unknown_alert`. */
export async function getAlert(ctx: Context, id: string): Promise<Alert> {
  const [found] = await readAlerts(ctx, [id]);
  if (!found) throw new AppError('unknown_alert');
  return found.alert;
}

/** Alerts in the order of their ids, each with who is told. Leaves out those that are kept no longer. */
export async function readAlerts(
  ctx: Context,
  ids: readonly string[],
): Promise<{ alert: Alert; told: Pick<StoredAlert, 'channels' | 'callback'> }[]> {
  const batch = ctx.redis.pipeline();
  for (const id of ids) batch.hgetall(keys.alert(id));
  const rows = (await batch.exec()) ?? [];
  return rows.flatMap(([error, row], n) => {
    if (error) throw error;
    const fields = row as Record<string, string>;
    const json = fields[ALERT.about];
    const stored = json === undefined ? undefined : readRow(ctx, ALERT_ROW, json, ids[n] ?? '');
    if (!stored) return [];
    const { channels, callback, ...about } = stored;
    const resolved = fields[ALERT.resolved];
    const alert: Alert = {
      id: ids[n] ?? '',
      ...about,
      status: resolved === undefined ? 'open' : 'resolved',
      opened_at: iso(Number(fields[ALERT.opened])),
      resolved_at: isoOrNull(resolved),
      resolution: (fields[ALERT.resolution] as Alert['resolution'] | undefined) ?? null,
    };
    return [{ alert, told: { channels, callback } }];
  });
}
