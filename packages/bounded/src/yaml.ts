import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** JSON's types, and merge keys, which people use. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/**
 * What js-yaml says where a line of a `{…}`, `[…]` or quoted text is indented too little. Most other parsers
 * accept that, so many files have it: https://github.com/nodeca/js-yaml/issues/768
 */
const INDENTED_TOO_LITTLE = 'deficient indentation';
/** How many such lines are mended. The text is parsed again for each. */
const MOST_MENDED = 50;
/** Inside of `{…}`, `[…]` and quoted texts, more indentation means nothing. */
const INDENTATION = ' '.repeat(100);

/** Parses YAML. Aliases become the same object again and may be circular. `reason` says why it is none. */
export function readYaml(
  text: string,
): { outcome: 'parsed'; value: unknown } | { outcome: 'not_yaml'; reason: string } {
  let given = text;
  for (let mended = 0; ; mended++) {
    try {
      return { outcome: 'parsed', value: load(given, { schema: SCHEMA }) };
    } catch (error) {
      const { reason, mark } = error as { reason?: unknown; mark?: { position: number } };
      if (reason !== INDENTED_TOO_LITTLE || mark === undefined || mended === MOST_MENDED) {
        const why = typeof reason === 'string' ? reason.slice(0, 300) : 'it nests too deeply';
        return { outcome: 'not_yaml', reason: why };
      }
      const line = given.lastIndexOf('\n', mark.position - 1) + 1;
      given = given.slice(0, line) + INDENTATION + given.slice(line);
    }
  }
}
