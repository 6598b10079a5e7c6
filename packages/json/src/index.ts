export { canonicalJson } from './canonical-json.js';
export { compare, type Decimal, isMultiple, isWhole } from './decimal.js';
export { decimalOfValue, ExactNumber, fitsDouble } from './exact-number.js';
export { isJsonObject } from './is-json-object.js';
export { jsonShape } from './json-shape.js';
export { createNumberMarks, type NumberMarks } from './number-marks.js';
export { parseExact, parseJson } from './parse-json.js';
export { valueAt } from './value-at.js';
export { hasExactNumber, withDoubles } from './with-doubles.js';
