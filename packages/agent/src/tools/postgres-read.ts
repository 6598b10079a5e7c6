import { parseJson } from '@agenthook/json';
import type { CustomTypesConfig } from 'pg';
import Cursor from 'pg-cursor';
import { nestsDeeper } from '../json-depth.js';
import type { PostgresConnection } from './postgres-connect.js';

/** How many characters of JSON of a result the model receives; about 12,000 tokens. */
const MAX_CHARACTERS = 50_000;
const MAX_CELL_CHARACTERS = 4_000;
/** Rows fetched at a time. Few, so that wide rows do not pile up before they are counted. */
const BATCH = 50;

export interface QueryResult {
  columns: string[];
  rows: unknown[][];
  /** Whether anything was left out: rows beyond the limit, or cut cells. */
  truncated: boolean;
}

const number = (text: string): number | string => {
  const value = Number(text);
  // NaN and Infinity are not JSON; a big integer would lose digits.
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : text;
};

/** Deeper JSON is shown as text, because what handles values would overflow the stack. */
const DEEPEST_JSON = 200;

const json = (text: string): unknown => (nestsDeeper(text, DEEPEST_JSON) ? text : parseJson(text));

/** Types by OID (pg_type.dat) that JSON also has. All others are shown as PostgreSQL prints them. */
const PARSERS: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't',
  20: number,
  21: number,
  23: number,
  26: number,
  114: json,
  700: number,
  701: number,
  3802: json,
};

const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number) => PARSERS[oid] ?? ((text: string) => text),
};

const cut = (cell: unknown): { value: unknown; size: number; cut: boolean } => {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  if (text.length <= MAX_CELL_CHARACTERS) return { value: cell, size: text.length + 3, cut: false };
  return { value: `${text.slice(0, MAX_CELL_CHARACTERS)}…`, size: MAX_CELL_CHARACTERS, cut: true };
};

const readBatch = (cursor: Cursor, count: number) =>
  new Promise<{ rows: unknown[][]; columns: string[] }>((resolve, reject) => {
    cursor.read(count, (error, rows, result) => {
      if (error) reject(error);
      else resolve({ rows, columns: result.fields.map(({ name }) => name) });
    });
  });

/**
 * Runs one statement in a read-only transaction and returns its first `maxRows` rows. Rows are fetched in
 * batches, so the rest is never fetched. Throws pg's errors.
 */
export async function readRows(
  { client }: PostgresConnection,
  sql: string,
  { maxRows, statementTimeoutMs }: { maxRows: number; statementTimeoutMs: number },
): Promise<QueryResult> {
  await client.query('BEGIN READ ONLY');
  // A SELECT rather than SET LOCAL: once a transaction has a snapshot, nothing can make it read-write again.
  await client.query("SELECT set_config('statement_timeout', $1, true)", [String(statementTimeoutMs)]);
  // A cursor uses the extended protocol, in which the server itself refuses a second statement.
  const cursor = client.query(new Cursor(sql, [], { rowMode: 'array', types: TYPES }));
  const found: QueryResult = { columns: [], rows: [], truncated: false };
  for (let size = 0; ; ) {
    const wanted = Math.min(BATCH, maxRows + 1 - found.rows.length);
    const { rows, columns } = await readBatch(cursor, wanted);
    found.columns = columns;
    for (const row of rows) {
      const cells = row.map(cut);
      size += cells.reduce((sum, cell) => sum + cell.size, 2);
      const full = found.rows.length === maxRows || size > MAX_CHARACTERS;
      found.truncated ||= full || cells.some((cell) => cell.cut);
      if (full) return found;
      found.rows.push(cells.map((cell) => cell.value));
    }
    if (rows.length < wanted) return found;
  }
}
