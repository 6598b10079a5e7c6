import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** JSON's types, and merge keys, which people use. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Parses YAML. Aliases become the same object again and may be circular. `reason` says why it is none. */
export function readYaml(
  text: string,
): { outcome: 'parsed'; value: unknown } | { outcome: 'not_yaml'; reason: string } {
  try {
    return { outcome: 'parsed', value: load(text, { schema: SCHEMA }) };
  } catch (error) {
    const { reason } = error as { reason?: unknown };
    return {
      outcome: 'not_yaml',
      reason: typeof reason === 'string' ? reason.slice(0, 300) : 'it nests too deeply',
    };
  }
}
