import { type Static, Type } from '@sinclair/typebox';
import { OrNull, StringEnum } from './shapes.js';

/** What is kept of a task that has ended. */
export const STORES = ['full', 'redacted', 'none'] as const;
export type Store = (typeof STORES)[number];

/** How long an agent may keep its tasks, in days. An hour is 0.04. */
export const MIN_RETENTION_DAYS = 0.01;
export const MAX_RETENTION_DAYS = 3650;

/**
 * How long the result of a task stays readable if the agent keeps nothing, in seconds after its end. It stays
 * longer while its callback is still to be delivered.
 */
export const UNKEPT_RESULT_SECONDS = 120;

const fields = {
  days: OrNull(
    Type.Number({ minimum: MIN_RETENTION_DAYS, maximum: MAX_RETENTION_DAYS }),
    'How long an ended task is kept, in days. null: as long as the installation keeps tasks ' +
      '(`RESULT_TTL_SECONDS`, or `ARCHIVE_DAYS` with an archive), which also bounds this. Applies to tasks that ' +
      'have ended already, too.',
  ),
  store: StringEnum(STORES, {
    default: 'full',
    description:
      'What is kept of a task. `full`: everything, with the event as `masks` leave it. `redacted`: `masks` also ' +
      'apply to what tools return, before the model sees it and before it is stored. `none`: payload, prompts, ' +
      'tool results and answers are removed once the task has ended. Its result stays readable for ' +
      `${UNKEPT_RESULT_SECONDS} seconds, and until its callback was delivered; then status, times, usage and ` +
      'error code are left. Refused events are kept without their bodies.',
  }),
};

/** How long tasks of an agent are kept, and what of them. */
export const Retention = OrNull(
  Type.Object(fields, { additionalProperties: false }),
  'How long ended tasks of the agent are kept, and what of them. null: all, as long as the installation keeps tasks.',
);
export type Retention = Static<typeof Retention>;

export const RetentionInput = OrNull(
  Type.Object(
    { days: Type.Optional(fields.days), store: Type.Optional(fields.store) },
    { additionalProperties: false, minProperties: 1 },
  ),
  'How long ended tasks of the agent are kept, and what of them. null: all, as long as the installation keeps tasks.',
);
export type RetentionInput = Static<typeof RetentionInput>;
