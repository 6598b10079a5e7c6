import { jsonShape } from './json-shape.js';
import { createNumberMarks } from './number-marks.js';

/**
 * Parses JSON like JSON.parse, but keeps the digits of numbers that a double cannot hold, as ExactNumbers.
 * Throws SyntaxError.
 */
export function parseJson(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return jsonShape(json).fitsDoubles ? value : parseExact(json);
}

/** The same for valid JSON that has such numbers. */
export function parseExact(json: string): unknown {
  const marks = createNumberMarks();
  return marks.restore(JSON.parse(marks.mark(json)));
}

/**
 * The longest text whose digits are kept where a machine answers, in characters. Keeping them takes up to
 * twenty times as long as parsing alone.
 */
const MOST_EXACT = 1024 * 1024;

/** Whether the digits of a machine's answer are kept. In a longer one, numbers are doubles. */
export const keepsDigits = (json: string): boolean => json.length <= MOST_EXACT;

/** Parses a machine's answer. Throws SyntaxError. */
export const parseAnswer = (json: string): unknown =>
  keepsDigits(json) ? parseJson(json) : JSON.parse(json);
