type Rule = [form: RegExp, words: (...parts: string[]) => string];

const counted = (count: string, one: string): string => `${count} ${one}${count === '1' ? '' : 's'}`;

/** What a value must look like, by the beginning of the pattern that it does not match. */
const FORMS: [pattern: string, words: string][] = [
  ['^https?://', 'Must begin with http:// or https://.'],
  ['^[a-zA-Z][a-zA-Z0-9_-]{0,63}$', 'Only letters, digits, _ and -, beginning with a letter.'],
  ['^[A-Za-z_][A-Za-z0-9_]{0,63}$', 'Only letters, digits and _, not beginning with a digit.'],
];

/** The messages of JSON Schema's validator (Ajv), which speak of schemas. */
const RULES: Rule[] = [
  [/^must NOT have fewer than 1 characters?$/, () => 'Must not be empty.'],
  [/^must NOT have fewer than (\d+) characters$/, (n) => `Needs at least ${counted(n, 'character')}.`],
  [/^must NOT have more than (\d+) characters?$/, (n) => `May have at most ${counted(n, 'character')}.`],
  [/^must NOT have fewer than 1 items?$/, () => 'Needs at least one.'],
  [/^must NOT have fewer than (\d+) items$/, (n) => `Needs at least ${n}.`],
  [/^must NOT have more than (\d+) (?:items?|properties)$/, (n) => `May have at most ${n}.`],
  [/^must be >= (\S+)$/, (n) => `Must be ${n} or more.`],
  [/^must be <= (\S+)$/, (n) => `Must be ${n} or less.`],
  [/^must be > (\S+)$/, (n) => `Must be more than ${n}.`],
  [/^must be integer$/, () => 'Must be a whole number.'],
  [/^must be (number|string|boolean|array|object|null)$/, (type) => `Must be ${TYPES[type]}.`],
  [/^must have required property '(.{1,100})'$/, (name) => `${name} is missing.`],
  [/^must NOT have additional propert/, () => 'Has a field that does not exist.'],
  [/^must match pattern "(.*)"$/s, (pattern) => formOf(pattern)],
];

const TYPES: Record<string, string> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const formOf = (pattern: string): string =>
  FORMS.find(([begins]) => pattern.startsWith(begins))?.[1] ?? 'Has a form that is not accepted here.';

/** The message of an error about a field, in words for people. The api's own messages stay as they are. */
export function messageInWords(message: string): string {
  for (const [form, words] of RULES) {
    const found = form.exec(message);
    if (found) return words(...found.slice(1));
  }
  return message;
}
