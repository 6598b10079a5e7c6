import { type Static, Type } from '@sinclair/typebox';
import { MAX_KEY_TEMPLATE } from './conversation.js';
import { OrNull, StringEnum, Time } from './shapes.js';
import { Query } from './webhook.js';

/** The longest window of a burst, and the longest time from its first event to its run, in seconds. */
export const MAX_BURST_WINDOW_SECONDS = 3_600;
export const MAX_BURST_WAIT_SECONDS = 86_400;
/** The shortest of both. */
export const MIN_BURST_SECONDS = 0.1;
/** How many events a burst may have. */
export const MAX_BURST_ITEMS = 1_000;
/**
 * How much the events of a burst may have together, in bytes of JSON: as one payload if the run gets all of
 * them, otherwise what a trace can show. An event beyond it begins the next burst.
 */
export const MAX_BURST_BYTES = { all: 1024 * 1024, latest: 8 * 1024 * 1024 } as const;

/** What a burst's run gets as its payload. */
export const BURST_KEEPS = ['latest', 'all'] as const;
export type BurstKeep = (typeof BURST_KEEPS)[number];

const seconds = (maximum: number, description: string) =>
  Type.Number({ minimum: MIN_BURST_SECONDS, maximum, description });

export const BurstConfig = Type.Object(
  {
    key: Type.String({
      minLength: 1,
      maxLength: MAX_KEY_TEMPLATE,
      description:
        'LiquidJS template. Events with the same rendered key within a window become one run. Variables: payload, ' +
        'headers, query. If it renders to nothing, the event runs alone. If it cannot be rendered for an event, ' +
        'the event runs alone, and its task has a `burst_error`. A key may have any length.',
    }),
    window_seconds: seconds(
      MAX_BURST_WINDOW_SECONDS,
      'The run starts when no event has come for this long. Each event begins the window again.',
    ),
    max_wait_seconds: seconds(
      MAX_BURST_WAIT_SECONDS,
      'The run starts this long after the first event, even if events still come. At least `window_seconds`. ' +
        'Default: ten windows.',
    ),
    keep: StringEnum(BURST_KEEPS, {
      default: 'latest',
      description:
        '`latest`: the payload is that of the newest event. `all`: the payload is `{"events": […]}` with the ' +
        'payloads of all events in order of arrival. The trace has all events in both cases.',
    }),
    max_items: Type.Integer({
      minimum: 1,
      maximum: MAX_BURST_ITEMS,
      default: 100,
      description: 'The run starts at once when this many events have come.',
    }),
  },
  { additionalProperties: false },
);
export type BurstConfig = Static<typeof BurstConfig>;

const { key, window_seconds, max_wait_seconds, keep, max_items } = BurstConfig.properties;

export const BurstInput = Type.Union(
  [
    Type.Object(
      {
        key,
        window_seconds,
        max_wait_seconds: Type.Optional(max_wait_seconds),
        keep: Type.Optional(keep),
        max_items: Type.Optional(max_items),
      },
      { additionalProperties: false },
    ),
    Type.Null(),
  ],
  {
    default: null,
    description: 'Which events become one run. null: every event has its own.',
  },
);

/** One event of a burst, as a trace shows it. */
export const BurstEvent = Type.Object({
  at: Time('When it came.'),
  idempotency_key: OrNull(Type.String()),
  payload: Type.Unknown(),
  headers: Type.Record(Type.String(), Type.String()),
  query: Type.Unsafe<Query>({ ...Query }),
});
export type BurstEvent = Static<typeof BurstEvent>;
