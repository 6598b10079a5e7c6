import { ExactNumber } from '@agenthook/json';

/**
 * A JSON value as the evaluator reads it: the same, unless an object in it has a member called `constructor`,
 * by which the evaluator tells the types of JavaScript's values. Such an object becomes a Map. A whole number
 * that a double cannot hold becomes an integer.
 */
export function celValueOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof ExactNumber) return celNumberOf(value);
  if (Array.isArray(value)) {
    const items = value.map(celValueOf);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const members = Object.entries(value);
  const read = members.map(([name, member]): [string, unknown] => [name, celValueOf(member)]);
  if (Object.hasOwn(value, 'constructor')) return new Map(read);
  return read.some(([, member], index) => member !== members[index]?.[1]) ? Object.fromEntries(read) : value;
}

const WHOLE = /^-?\d+$/;
/** More digits than an integer of CEL has. */
const MOST_DIGITS = 20;

function celNumberOf(number: ExactNumber): bigint | number {
  const text = String(number);
  return text.length <= MOST_DIGITS && WHOLE.test(text) ? BigInt(text) : Number(number);
}
