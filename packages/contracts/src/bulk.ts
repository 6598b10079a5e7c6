import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DELIVERY_STATUSES } from './callback.js';
import { ERROR_CODES } from './errors.js';
import { AgentId } from './ids.js';
import { OrNull, StringEnum, Time, TimeOrNull } from './shapes.js';
import { taskFilterFields } from './task-filter.js';

/** What a bulk job can do to each of its items. */
export const BULK_ACTIONS = ['cancel', 'purge', 'replay', 'accept', 'resend'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** How many items a bulk job handles at most: the newest ones that match. */
export const MAX_BULK_ITEMS = 100_000;
/** How many items can be named one by one. */
export const MAX_BULK_IDS = 1_000;
/** How many bulk jobs may be unfinished. */
export const MAX_OPEN_BULK_JOBS = 20;
/** How many bulk jobs are kept, and for how long, in days. */
export const MAX_BULK_JOBS = 200;
export const BULK_KEPT_DAYS = 35;
/** How many rejections or deliveries a count finds at most. */
export const MAX_BULK_COUNT = 10_000;

const agent_id = Type.Optional(AgentId('Only of this agent.'));

/** The filter of GET /api/tasks. */
export const BulkTaskFilter = Type.Object(
  { ...taskFilterFields, agent_id },
  {
    additionalProperties: false,
    description: 'The parameters of GET /api/tasks. `{}` matches every task.',
  },
);
export type BulkTaskFilter = Static<typeof BulkTaskFilter>;

const from = Type.Optional(
  Type.String({ format: 'date-time', description: 'Only what is from this time or later.' }),
);
const to = Type.Optional(
  Type.String({ format: 'date-time', description: 'Only what is from before this time.' }),
);

const SHELVES = ['rejected', 'filtered'] as const;

export const BulkRejectionFilter = Type.Object(
  {
    agent_id,
    kind: Type.Optional(
      StringEnum(SHELVES, {
        default: 'rejected',
        description:
          '`rejected`: rejections. `filtered`: events that the filter or an ignored sender left out.',
      }),
    ),
    code: Type.Optional(StringEnum(ERROR_CODES, { description: 'Only rejections with this error code.' })),
    from,
    to,
  },
  {
    additionalProperties: false,
    description: 'Rejections, or filtered events, that have no task yet.',
  },
);
export type BulkRejectionFilter = Static<typeof BulkRejectionFilter>;

export const BulkCallbackFilter = Type.Object(
  {
    agent_id,
    status: Type.Optional(
      Type.Array(StringEnum(DELIVERY_STATUSES), {
        maxItems: 4,
        description: 'Only deliveries in these states.',
      }),
    ),
    from,
    to,
  },
  {
    additionalProperties: false,
    description: 'Callback deliveries.',
  },
);
export type BulkCallbackFilter = Static<typeof BulkCallbackFilter>;

/** The filter of each action. */
export const BULK_FILTERS = {
  cancel: BulkTaskFilter,
  purge: BulkTaskFilter,
  replay: BulkTaskFilter,
  accept: BulkRejectionFilter,
  resend: BulkCallbackFilter,
} satisfies Record<BulkAction, TSchema>;

const version = Type.Optional(
  StringEnum(['current', 'original'], {
    default: 'current',
    description: 'Which version of the agent the new tasks run.',
  }),
);

const items = (what: string) =>
  Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      minItems: 1,
      maxItems: MAX_BULK_IDS,
      description: `${what}, instead of \`filter\`.`,
    }),
  );

const actionOn = <Filter extends TSchema, More extends Record<string, TSchema>>(
  action: BulkAction,
  filter: Filter,
  more: More,
) =>
  Type.Object(
    { action: Type.Literal(action), filter: Type.Optional(filter), ...more },
    { additionalProperties: false },
  );

const taskIds = items('Ids of tasks');
const BULK_SCHEMAS = {
  cancel: actionOn('cancel', BulkTaskFilter, { ids: taskIds }),
  purge: actionOn('purge', BulkTaskFilter, { ids: taskIds }),
  replay: actionOn('replay', BulkTaskFilter, { ids: taskIds, version }),
  accept: actionOn('accept', BulkRejectionFilter, {
    ids: items('Ids of rejections or filtered events of `agent_id`'),
    agent_id,
  }),
  resend: actionOn('resend', BulkCallbackFilter, {
    ids: items('Ids of callback deliveries of `agent_id`'),
    agent_id,
  }),
} as const;

/** What to do, and to which items: those that match a filter, or those named. */
export type BulkInput =
  | { action: 'cancel' | 'purge'; filter?: BulkTaskFilter; ids?: string[] }
  | { action: 'replay'; filter?: BulkTaskFilter; ids?: string[]; version?: 'current' | 'original' }
  | { action: 'accept'; filter?: BulkRejectionFilter; ids?: string[]; agent_id?: string }
  | { action: 'resend'; filter?: BulkCallbackFilter; ids?: string[]; agent_id?: string };
export const BulkInput = Type.Unsafe<BulkInput>({
  $id: 'BulkInput',
  type: 'object',
  required: ['action'],
  discriminator: { propertyName: 'action' },
  oneOf: Object.values(BULK_SCHEMAS),
});

export const BulkCount = Type.Object(
  {
    matching: Type.Integer({ description: 'How many items match now.' }),
    is_complete: Type.Boolean({
      description: 'false: at least that many match. A count that must look at each item is bounded.',
    }),
  },
  { $id: 'BulkCount' },
);
export type BulkCount = Static<typeof BulkCount>;

/** What a running job may wait for. */
export const BULK_WAITS = ['backlog', 'archive', 'files'] as const;
export type BulkWait = (typeof BULK_WAITS)[number];

export const BULK_STATES = ['counting', 'running', 'done', 'stopped'] as const;

/** A code with which a bulk job skips an item, beside those of errors. */
export const NO_LONGER_MATCHES = 'no_longer_matches';

export const BulkReason = Type.Object({
  outcome: StringEnum(['skipped', 'failed'], {
    description: '`skipped`: there was nothing to do, for example because the task has ended.',
  }),
  code: Type.String({
    description: `An error code, as the action on one item answers it, or \`${NO_LONGER_MATCHES}\`: the item has changed since it was counted.`,
  }),
  title: Type.String(),
  count: Type.Integer(),
  examples: Type.Array(Type.String(), { description: 'The first ids with this reason.' }),
});
export type BulkReason = Static<typeof BulkReason>;

/** A bulk job and its progress. */
export const BulkJob = Type.Object(
  {
    id: Type.String({ description: 'For example `blk_…`.' }),
    action: StringEnum(BULK_ACTIONS),
    filter: OrNull(Type.Unknown(), 'As given. null if items were named one by one.'),
    version: Type.Optional(StringEnum(['current', 'original'])),
    state: StringEnum(BULK_STATES, {
      description: '`counting`: it collects what matches, and has not begun. `stopped`: by a person.',
    }),
    total: Type.Integer({
      description: `How many items it handles; while it counts, how many so far. At most the ${MAX_BULK_ITEMS} newest.`,
    }),
    done: Type.Integer(),
    skipped: Type.Integer(),
    failed: Type.Integer(),
    reasons: Type.Array(BulkReason, { description: 'Why items were skipped or failed, by code.' }),
    waiting_for: OrNull(
      StringEnum([...BULK_WAITS], {
        description:
          '`backlog`: earlier tasks of this job wait for their start. It adds more as they start, so that new ' +
          'events do not wait behind all of them. `archive`, `files`: the archive or the store of files does ' +
          'not answer; it tries again every few seconds.',
      }),
      'Why a running job makes no progress.',
    ),
    created_at: Time(),
    created_by: OrNull(Type.String(), 'The name of the API key.'),
    finished_at: TimeOrNull('When it was done or stopped.'),
  },
  { $id: 'BulkJob' },
);
export type BulkJob = Static<typeof BulkJob>;

export const BulkJobList = Type.Object({ jobs: Type.Array(Type.Ref('BulkJob')) }, { $id: 'BulkJobList' });
export interface BulkJobList {
  jobs: BulkJob[];
}
