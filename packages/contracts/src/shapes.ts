import { type SchemaOptions, type TSchema, Type } from '@sinclair/typebox';

/** A string that is one of `values`; its type is theirs. */
export const StringEnum = <Value extends string>(values: readonly Value[], options: SchemaOptions = {}) =>
  Type.Unsafe<Value>({ enum: [...values], ...options, type: 'string' });

/** A reference to a schema by its `$id`, typed as that schema. */
export const RefTo = <Shape>($id: string) => Type.Unsafe<Shape>(Type.Ref($id));

/** A time in RFC 3339. */
export const Time = (description?: string) =>
  Type.String({ format: 'date-time', ...(description !== undefined && { description }) });

export const OrNull = <Shape extends TSchema>(shape: Shape, description?: string) =>
  Type.Union([shape, Type.Null()], description === undefined ? {} : { description });

export const TimeOrNull = (description?: string) => OrNull(Time(), description);

/** Who saved a version of an agent. */
export const SavedBy = Type.Union([Type.String(), Type.Null()], {
  description: 'The name of the API key that saved this version. null for versions that predate this record.',
});
