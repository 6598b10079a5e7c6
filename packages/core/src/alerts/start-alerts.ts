import { every } from '@agenthook/async';
import type { Context } from '../context.js';
import type { Outbox } from '../deliveries/notices/start-telling.js';
import { keys } from '../redis/keys.js';
import { evaluateAlerts } from './evaluate.js';
import { tellAlert } from './tell-alert.js';

/** How often a process tries to take its turn, and how long a turn keeps the others from theirs, in ms. */
const LOOK_MS = 1_000;
const TURN_MS = 1_800;

/**
 * Watches the alert rules. Of any number of processes, one looks at a time, by Redis's clock. If it dies,
 * another one looks instead. Returns a function that stops it.
 */
export function startAlerts(ctx: Context): () => void {
  const places = new Map<string, string>();
  const look = async () => {
    const isTurn = await ctx.redis.set(keys.alertTurn, '1', 'PX', TURN_MS, 'NX');
    if (isTurn !== null) await evaluateAlerts(ctx, places);
  };
  return every(LOOK_MS, look, (error) => ctx.log.debug({ err: error }, 'looking at alert rules failed'));
}

/** Alerts that are still to be told. */
export const alertOutbox = (ctx: Context): Outbox => ({
  key: keys.alertOutbox,
  tell: async (member) => {
    const [id = '', phase] = member.split(' ');
    await tellAlert(ctx, id, phase === 'resolved' ? 'resolved' : 'opened');
  },
});
