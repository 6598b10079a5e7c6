import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from './shapes.js';
import { taskFilterFields } from './task-filter.js';
import { MAX_COUNTED_TASKS, MAX_EXPORTED_TASKS, TaskTexts } from './task-list.js';
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
      description: `Whether more may match: the count looked at ${MAX_COUNTED_TASKS} tasks and ended there.`,
    }),
  },
  { $id: 'TaskCount' },
);
export type TaskCount = Static<typeof TaskCount>;

export const EXPORT_FORMATS = ['csv', 'json'] as const;

export const TaskExportQuery = Type.Object({
  ...taskFilterFields,
  include: Type.Optional(TaskTexts),
  format: StringEnum(EXPORT_FORMATS, { default: 'csv' }),
  limit: Type.Integer({ minimum: 1, maximum: MAX_EXPORTED_TASKS, default: MAX_EXPORTED_TASKS }),
  cursor: Type.Optional(Cursor()),
});
export type TaskExportQuery = Static<typeof TaskExportQuery>;
