/** A decimal number: ±0.DIGITS × 10^point. Zero has no digits. */
export interface Decimal {
  negative: boolean;
  /** Without zeros at either end. */
  digits: string;
  point: number;
}

const ZERO = 48;

/**
 * The value of a JSON number, in linear time. An exponent of more than 15 digits is rounded, which makes
 * `point` an unsafe integer.
 */
export function decimalOf(text: string): Decimal {
  const negative = text.startsWith('-');
  const [significand = '', exponent = '0'] = (negative ? text.slice(1) : text).split(/[eE]/);
  const [whole = '', fraction = ''] = significand.split('.');
  const all = whole + fraction;
  let [first, last] = [0, all.length];
  while (first < last && all.charCodeAt(first) === ZERO) first++;
  while (last > first && all.charCodeAt(last - 1) === ZERO) last--;
  const digits = all.slice(first, last);
  return { negative, digits, point: digits === '' ? 0 : whole.length - first + Number(exponent) };
}

/** Whether two numbers have the same value. -0 is 0. */
export const areEqual = (a: Decimal, b: Decimal): boolean =>
  a.digits === b.digits && (a.digits === '' || (a.negative === b.negative && a.point === b.point));

/** Negative if `a` is less than `b`, positive if it is greater, otherwise 0. */
export function compare(a: Decimal, b: Decimal): number {
  const [signOfA, signOfB] = [signOf(a), signOf(b)];
  if (signOfA !== signOfB || signOfA === 0) return signOfA - signOfB;
  if (a.point !== b.point) return (a.point < b.point ? -1 : 1) * signOfA;
  // Both begin with a digit other than 0, so their texts compare as their values do.
  if (a.digits === b.digits) return 0;
  return (a.digits < b.digits ? -1 : 1) * signOfA;
}

const signOf = ({ negative, digits }: Decimal): number => (digits === '' ? 0 : negative ? -1 : 1);

/** Whether a number has no fraction. */
export const isWhole = ({ digits, point }: Decimal): boolean => digits.length <= Math.max(point, 0);

/** Larger scaled numbers are not divided: 1e999999999 has eleven characters and fills the memory. */
const MOST_DIGITS = 1_000;

/**
 * Whether `a` is a multiple of `b`, exactly. False if either has more than MOST_DIGITS digits at the other's
 * scale.
 */
export function isMultiple(a: Decimal, b: Decimal): boolean {
  if (a.digits === '') return true;
  const scale = Math.min(a.point - a.digits.length, b.point - b.digits.length);
  // Not `>`: the difference of two infinite exponents is NaN.
  if (b.digits === '' || !(Math.max(a.point, b.point) - scale <= MOST_DIGITS)) return false;
  const scaled = ({ digits, point }: Decimal) => BigInt(digits.padEnd(point - scale, '0'));
  return scaled(a) % scaled(b) === 0n;
}
