import { ExactNumber } from '@agenthook/json';

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown) => typeof value === 'number' || value instanceof ExactNumber;
const isText = (value: unknown) => typeof value === 'string';
const isFlag = (value: unknown) => typeof value === 'boolean';
const formed = (keywords: string[], is: (value: unknown) => boolean) =>
  keywords.map((keyword): [string, (value: unknown) => boolean] => [keyword, is]);

/** What the values of keywords must be. Many generators write null, or numbers as text. */
const FORMS = new Map([
  ...formed(['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains'], isCount),
  ...formed(['minProperties', 'maxProperties'], isCount),
  ...formed(['minimum', 'maximum'], isNumber),
  ...formed(['exclusiveMinimum', 'exclusiveMaximum'], (value) => isNumber(value) || isFlag(value)),
  ...formed(['multipleOf'], (value) => isNumber(value) && Number(value) > 0),
  ...formed(['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'], isFlag),
  ...formed(['title', 'description', 'pattern', 'format', 'contentEncoding', 'contentMediaType'], isText),
  ...formed(['examples'], Array.isArray),
  ...formed(['enum'], (value) => !Array.isArray(value) || value.length > 0),
]);
/** Keywords that may be null. */
const NULLABLE = new Set(['const', 'default', 'example']);

/** Whether a keyword may have this value. A provider refuses a whole request because of one that may not. */
export const hasForm = (keyword: string, value: unknown): boolean =>
  value === null ? NULLABLE.has(keyword) : (FORMS.get(keyword)?.(value) ?? true);
