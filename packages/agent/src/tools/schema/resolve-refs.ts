import { ExactNumber, isJsonObject } from '@agenthook/json';
import { MAPS, mapValues, VALUES } from './keywords.js';

type Fields = Record<string, unknown>;

/** Keywords that refer to another schema. The last two are of 2019-09 and 2020-12. */
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
/** Keywords that name a schema for references. */
const NAMES = ['$id', 'id', '$anchor', '$dynamicAnchor'];
const DEEPEST = 60;
/** How many schemas are read. Those beyond accept anything. */
const MOST_READ = 20_000;
/** How many references lead to one another. */
const MOST_HOPS = 50;
const LONGEST_SHOWN = 200;

/** What the schemas true and false mean. */
const ANYTHING: Fields = {};
const NOTHING: Fields = { not: {} };

/**
 * The schema with references that each provider follows: to a definition at its top, in `$defs`. Targets
 * elsewhere in the schema become such definitions. References to other documents are never followed: they are
 * replaced by a description, as are those without a target and those that only lead to themselves. Returns
 * the same schema if it has no references.
 */
export function resolveRefs(root: Fields): Fields {
  const { named, hasReference } = survey(root);
  if (!hasReference) return root;
  const defs: Fields = Object.create(null);
  const own = { definitions: mapOf(root.definitions), $defs: mapOf(root.$defs) };
  /** The names in `defs` of schemas that are there, or are to be added. */
  const places = new Map<unknown, string>();
  /** The last number behind each name that is wanted more than once. */
  const numbers = new Map<string, number>();
  const waiting: [name: string, schema: unknown][] = [];
  const place = (schema: unknown, wanted: string): string => {
    const known = places.get(schema);
    if (known !== undefined) return known;
    let name = wanted;
    while (Object.hasOwn(defs, name)) {
      const number = (numbers.get(wanted) ?? 1) + 1;
      numbers.set(wanted, number);
      name = `${wanted}_${number}`;
    }
    defs[name] = {};
    places.set(schema, name);
    waiting.push([name, schema]);
    return name;
  };
  for (const map of [own.$defs, own.definitions])
    for (const [name, schema] of Object.entries(map))
      if (isJsonObject(schema)) place(schema, plainName(name));

  /** Each reference is looked up once, so that all of it takes time in proportion to the schema. */
  const found = new Map<string, unknown>();
  const find = (reference: string): unknown => {
    if (!found.has(reference)) found.set(reference, lookUp(reference, root, named));
    return found.get(reference);
  };
  /** What a reference leads to; undefined for one that leads nowhere, out of the schema, or to itself. */
  const targetOf = (reference: string): Fields | undefined => {
    let target = find(reference);
    for (let hops = 0; isJsonObject(target); hops++) {
      const next = Object.keys(target).length === 1 ? target.$ref : undefined;
      if (typeof next !== 'string') return target;
      if (hops === MOST_HOPS) return undefined;
      target = find(next);
    }
    // A schema may also be true or false.
    return typeof target === 'boolean' ? (target ? ANYTHING : NOTHING) : undefined;
  };

  let left = MOST_READ;
  const rewrite = (schema: unknown, depth: number): unknown => {
    if (typeof schema !== 'object' || schema === null || schema instanceof ExactNumber) return schema;
    if (depth > DEEPEST || left-- <= 0) return {};
    if (Array.isArray(schema)) return schema.map((each) => rewrite(each, depth + 1));
    const result: Fields = {};
    for (const [keyword, value] of Object.entries(schema as Fields)) {
      if (REFERENCES.includes(keyword) || keyword === '$anchor' || keyword === '$dynamicAnchor') continue;
      if (schema === root && (keyword === '$defs' || keyword === 'definitions')) continue;
      if (VALUES.has(keyword)) result[keyword] = value;
      else if (keyword === 'properties' || MAPS.has(keyword))
        result[keyword] = mapValues(value, (each) => rewrite(each, depth + 1));
      else result[keyword] = rewrite(value, depth + 1);
    }
    const reference = REFERENCES.map((keyword) => (schema as Fields)[keyword]).find(
      (value) => typeof value === 'string',
    );
    if (typeof reference !== 'string') return result;
    const target = targetOf(reference);
    if (target !== undefined) return { ...result, $ref: `#/$defs/${place(target, 'part')}` };
    const said = `Its schema, ${reference.slice(0, LONGEST_SHOWN)}, is not read.`;
    const { description } = result;
    return { ...result, description: typeof description === 'string' ? `${description} ${said}` : said };
  };

  const schema = rewrite(root, 0) as Fields;
  for (const [name, each] of waiting) defs[name] = each === root ? schema : rewrite(each, 1);
  return Object.keys(defs).length > 0 ? { ...schema, $defs: { ...defs } } : schema;
}

/** The schemas that have names of their own, and whether anything refers to one. */
function survey(root: Fields): { named: Map<string, Fields>; hasReference: boolean } {
  const named = new Map<string, Fields>();
  let hasReference = false;
  let left = MOST_READ;
  const visit = (schema: unknown, depth: number): void => {
    if (typeof schema !== 'object' || schema === null || depth > DEEPEST || left-- <= 0) return;
    for (const [keyword, value] of Object.entries(schema)) {
      if (typeof value === 'string') {
        hasReference ||= REFERENCES.includes(keyword);
        if (NAMES.includes(keyword))
          named.set(/anchor$/i.test(keyword) ? `#${value}` : value, schema as Fields);
      } else if (keyword === 'properties' || MAPS.has(keyword)) {
        for (const each of Object.values(mapOf(value))) visit(each, depth + 1);
      } else if (!VALUES.has(keyword)) visit(value, depth + 1);
    }
  };
  visit(root, 0);
  return { named, hasReference };
}

/** What a reference names, within the schema alone. */
function lookUp(reference: string, root: Fields, named: ReadonlyMap<string, Fields>): unknown {
  const at = reference.indexOf('#');
  const base = at === -1 ? reference : reference.slice(0, at);
  const fragment = at === -1 ? '' : reference.slice(at);
  const document = base === '' ? root : named.get(base);
  if (document === undefined || fragment === '' || fragment === '#') return document;
  if (!fragment.startsWith('#/')) return named.get(fragment);
  let target: unknown = document;
  for (const step of fragment.slice(2).split('/')) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, name)) return undefined;
    target = (target as Fields)[name];
  }
  return target;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name of a definition that needs no escapes in a reference. */
const plainName = (name: string): string => name.slice(0, 100).replace(/[^a-zA-Z0-9_.-]/g, '_') || 'part';

const mapOf = (value: unknown): Fields => (isJsonObject(value) ? value : {});
