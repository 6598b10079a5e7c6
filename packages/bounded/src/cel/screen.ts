import { ExactNumber, valueAt } from '@agenthook/json';
import type { CelEvent, CelProgram } from './compile.js';
import { celValueOf } from './values.js';

/** What decides whether an event is for an agent. The expressions are CEL. */
export interface Screen {
  /** Whether the event is for the agent. */
  filter?: string | undefined;
  /** Events of these authors are not for the agent: logins or ids, as the payload has them. */
  ignoreSenders?: readonly string[] | undefined;
  /** Where in a payload its author may be, for example `sender.login`. */
  senderPaths?: readonly string[] | undefined;
  /** What the event is about, for the agent's breaker. */
  breakerKey?: string | undefined;
}

/**
 * Whether an event is for an agent:
 * - `dropped`: it is not. `sender` is the author that is ignored; without one, the filter was false
 * - `passed`: it is, with what it is about for the breaker. `error` says why an expression has no value; the
 *   event then counts as passed, so that nothing is lost
 */
export type Screened =
  | { outcome: 'dropped'; sender?: string }
  | { outcome: 'passed'; error?: string; breakerKey?: string };

type Compile = (source: string) => CelProgram;

/** Screens an event. Takes as long as its expressions do. */
export function screen(
  { filter, ignoreSenders = [], senderPaths = [], breakerKey }: Screen,
  event: CelEvent,
  compile: Compile,
): Screened {
  const sender = senderPaths
    .map((path) => nameAt(event.payload, path))
    .find((value) => value !== undefined && ignoreSenders.includes(value));
  if (sender !== undefined) return { outcome: 'dropped', sender };
  const values: CelEvent = { ...event, payload: celValueOf(event.payload) };
  const errors: string[] = [];
  const evaluated = <Value>(name: string, source: string | undefined, read: (value: unknown) => Value) => {
    if (source === undefined) return undefined;
    try {
      return read(compile(source).evaluate(values));
    } catch (error) {
      errors.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  if (evaluated('filter', filter, readBool) === false) return { outcome: 'dropped' };
  const key = evaluated('breaker.key', breakerKey, readText);
  return {
    outcome: 'passed',
    ...(errors.length > 0 && { error: errors.join('; ') }),
    ...(key !== undefined && { breakerKey: key }),
  };
}

/** A text or number at a path of names, as text. */
function nameAt(payload: unknown, path: string): string | undefined {
  const value = valueAt(payload, path);
  const isName = typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber;
  return isName ? String(value) : undefined;
}

function readBool(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Error(`it gives ${kindOf(value)}, not true or false`);
}

function readText(value: unknown): string {
  if (typeof value === 'object' && value !== null) throw new Error(`it gives ${kindOf(value)}, not a text`);
  return String(value);
}

/** A value of an expression, as a text for people. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  return 'a value of another type';
}
