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
