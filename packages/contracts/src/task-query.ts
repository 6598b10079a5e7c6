import { type Static, Type } from '@sinclair/typebox';
import { StringEnum, Time } from './shapes.js';
import { taskFilterFields } from './task-filter.js';
import { ArchiveAway, MAX_COUNTED_TASKS, MAX_EXPORTED_TASKS, TaskTexts } from './task-list.js';
import { Cursor } from './text.js';

export const TaskListQuery = Type.Object({
  ...taskFilterFields,
  include: Type.Optional(TaskTexts),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Cursor()),
});
export type TaskListQuery = Static<typeof TaskListQuery>;

/** How many tasks match a filter. */
export const TaskCount = Type.Object(
  {
    count: Type.Integer({ description: 'How many tasks match, at least.' }),
    more: Type.Boolean({
      description:
        `Whether more may match: the count looked at ${MAX_COUNTED_TASKS} tasks and ended there, reached the ` +
        'most that it counts in the archive, or got no answer from the archive.',
    }),
    archive: ArchiveAway(),
  },
  { $id: 'TaskCount' },
);
export type TaskCount = Static<typeof TaskCount>;

/** Into how many parts a histogram divides its time, at most and by default. */
export const MAX_HISTOGRAM_BUCKETS = 120;
const HISTOGRAM_BUCKETS = 60;

export const TaskHistogramQuery = Type.Object({
  agent_id: taskFilterFields.agent_id,
  status: taskFilterFields.status,
  from: Type.String({ format: 'date-time', description: 'Where the first bucket begins.' }),
  to: Type.String({ format: 'date-time', description: 'Where the last bucket ends.' }),
  buckets: Type.Integer({ minimum: 1, maximum: MAX_HISTOGRAM_BUCKETS, default: HISTOGRAM_BUCKETS }),
});
export type TaskHistogramQuery = Static<typeof TaskHistogramQuery>;

/** How many tasks were created in each part of a time, by the status that they have now. */
export const TaskHistogram = Type.Object(
  {
    archive: ArchiveAway(),
    bucket_ms: Type.Integer({ description: 'How long a bucket is.' }),
    buckets: Type.Array(
      Type.Object({
        start: Time('When the part begins.'),
        pending: Type.Integer({ description: 'How many have not started.' }),
        started: Type.Integer({ description: 'How many have started and not ended.' }),
        succeeded: Type.Integer({ description: 'How many ended SUCCESS.' }),
        failed: Type.Integer({ description: 'How many ended FAILURE.' }),
      }),
      { description: 'The parts of the time, in order.' },
    ),
  },
  { $id: 'TaskHistogram' },
);
export type TaskHistogram = Static<typeof TaskHistogram>;

export const EXPORT_FORMATS = ['csv', 'json'] as const;

export const TaskExportQuery = Type.Object({
  ...taskFilterFields,
  include: Type.Optional(TaskTexts),
  format: StringEnum(EXPORT_FORMATS, { default: 'csv' }),
  limit: Type.Integer({ minimum: 1, maximum: MAX_EXPORTED_TASKS, default: MAX_EXPORTED_TASKS }),
  cursor: Type.Optional(Cursor()),
});
export type TaskExportQuery = Static<typeof TaskExportQuery>;
