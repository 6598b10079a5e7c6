import { fitsDouble } from './exact-number.js';
import { endOfNumber, endOfString } from './tokens.js';

const [QUOTE, COLON] = [0x22, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [MINUS, POINT, ZERO, NINE, LOWER_CASE, E] = [0x2d, 0x2e, 0x30, 0x39, 0x20, 0x65];

/** Every number of up to 15 digits without an exponent survives a double, except -0. */
const SAFE_DIGITS = 15;

export interface JsonShape {
  /** How deeply lists and objects nest. */
  depth: number;
  /** Members of all objects together. */
  members: number;
  /** Whether a double can hold the value of every number. */
  fitsDoubles: boolean;
  /** How many numbers no double can hold. */
  exactNumbers: number;
}

/**
 * The shape of JSON text, in one pass that takes less time than parsing. Text that is not JSON has some shape
 * too.
 */
export function jsonShape(json: string): JsonShape {
  let [open, depth, members, exactNumbers] = [0, 0, 0, 0];
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfString(json, at);
    // Below the digits are white space, commas and signs.
    else if (character < ZERO) continue;
    else if (character <= NINE) {
      const begin = at;
      at = endOfDigits(json, at);
      const isLong = at - begin >= SAFE_DIGITS || (json.charCodeAt(at + 1) | LOWER_CASE) === E;
      const isNegative = json.charCodeAt(begin - 1) === MINUS;
      if (isLong || (isNegative && character === ZERO)) {
        const end = endOfNumber(json, begin);
        if (!fitsDouble(json.slice(isNegative ? begin - 1 : begin, end))) exactNumbers++;
        at = end - 1;
      }
    } else if (character === COLON) members++;
    else if (character === OPEN_LIST || character === OPEN_OBJECT) depth = Math.max(depth, ++open);
    else if (character === CLOSE_LIST || character === CLOSE_OBJECT) open--;
  }
  return { depth, members, fitsDoubles: exactNumbers === 0, exactNumbers };
}

/** The index of the last digit or point from here. */
function endOfDigits(json: string, first: number): number {
  let last = first;
  while (isDigitOrPoint(json.charCodeAt(last + 1))) last++;
  return last;
}

const isDigitOrPoint = (character: number): boolean =>
  (character >= ZERO && character <= NINE) || character === POINT;
