import { isJsonObject, parseJson } from '@agenthook/json';

/** The greatest distance of a time from the epoch, in ms (ECMA-262, 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= MAX_TIME_MS;

const TESTS = {
  string: (value: unknown) => typeof value === 'string',
  number: (value: unknown) => typeof value === 'number',
  /** Ms since the epoch. */
  time: isTime,
  boolean: (value: unknown) => typeof value === 'boolean',
  array: Array.isArray,
  object: isJsonObject,
};
type FieldKind = keyof typeof TESTS;

/** A kind of rows that are stored as JSON objects. */
export interface RowKind<Row> {
  /** What a log line calls such a row. */
  name: string;
  /** The kinds of the fields that readers rely on. With `?`, a field may be null or missing. */
  fields: { [Name in keyof Row]?: FieldKind | `${FieldKind}?` };
}

/**
 * A stored row; undefined if the text is not JSON, or not such a row. One damaged row must not fail what
 * reads others beside it, so it is logged and left out.
 *
 * @param id names the row in the log
 */
export function readRow<Row extends object>(
  { log }: { log: { warn: (fields: object, text: string) => void } },
  kind: RowKind<Row>,
  json: string,
  id: string,
): Row | undefined {
  const row = objectOf(json);
  if (row && Object.entries(kind.fields).every(([name, spec]) => fits(row[name], spec as string)))
    return row as Row;
  log.warn({ row: kind.name, id }, 'a stored row is damaged and was left out');
  return undefined;
}

function fits(value: unknown, spec: string): boolean {
  if (!spec.endsWith('?')) return TESTS[spec as FieldKind](value);
  return value === null || value === undefined || TESTS[spec.slice(0, -1) as FieldKind](value);
}

/** A stored object; undefined if the text is not that. */
export function objectOf(json: string | null | undefined): Record<string, unknown> | undefined {
  const value = valueIn(json);
  return isJsonObject(value) ? value : undefined;
}

/** A stored list; empty if the text is not that. */
export function listOf<Item>(json: string | null | undefined): Item[] {
  const value = valueIn(json);
  return Array.isArray(value) ? value : [];
}

function valueIn(json: string | null | undefined): unknown {
  try {
    return parseJson(json ?? '');
  } catch {
    return undefined;
  }
}

/** A stored time, in ms since the epoch; undefined if the value is not that. */
export function timeOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' && value !== '' ? Number(value) : value;
  return isTime(ms) ? ms : undefined;
}
