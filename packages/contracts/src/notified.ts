import { Type } from '@sinclair/typebox';

/** To how many notify channels an agent, a tool or a rule may point. */
export const MAX_NOTIFIED = 10;

/** The form of a notify channel's name. */
export const CHANNEL_NAME = '^[a-z0-9][a-z0-9-]{0,62}$';

/** Which channels are told: their names. */
export const Notified = (description: string) =>
  Type.Array(Type.String({ pattern: CHANNEL_NAME }), {
    maxItems: MAX_NOTIFIED,
    uniqueItems: true,
    default: [],
    description,
  });
