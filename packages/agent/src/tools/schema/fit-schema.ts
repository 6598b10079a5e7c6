import { ExactNumber, isJsonObject } from '@agenthook/json';
import { hasForm } from './keyword-forms.js';
import { MAPS, mapValues, VALUES } from './keywords.js';
import { resolveRefs } from './resolve-refs.js';

type Fields = Record<string, unknown>;

/** The names of arguments that every provider accepts: Anthropic's rule, the strictest. */
const KEY = /^[a-zA-Z0-9_.-]{1,64}$/;
const LONGEST_KEY = 64;
/** Deeper schemas are replaced by one that accepts anything. */
const DEEPEST = 60;
/** How many alternatives of one schema are searched for names. */
const MOST_ALTERNATIVES = 200;
/** Keywords that identify a document, or belong to a dialect that providers do not read. */
const DROPPED = new Set(['$schema', '$id', 'id', '$comment', '$anchor', '$vocabulary', 'dependencies']);
const COMBINED = ['anyOf', 'oneOf', 'allOf'] as const;

/** A schema as providers accept it, and the way back for arguments that follow it. */
export interface FittedSchema {
  schema: Fields;
  /** The tool's own schema, with references that lead to its definitions alone. */
  resolved: Fields;
  /** Gives arguments the names that the tool knows. */
  restore(args: unknown): unknown;
}

/**
 * Fits the schema of a tool's arguments to what all providers accept, so that no request is refused because
 * of one tool: JSON Schema 2020-12 in its plain form, an object at the top without alternatives, lists with
 * `items`, names of letters, digits, `_`, `.` and `-`, and no reference that leads out of it. The tool's own
 * schema still decides which arguments it accepts.
 */
export function fitSchema(parameters: Fields): FittedSchema {
  const renamed = { any: false };
  const resolved = resolveRefs(parameters);
  const keys = isJsonObject(resolved.properties) ? keysOf(Object.keys(resolved.properties)) : new Map();
  const schema = topLevel(fit(resolved, 0, renamed) as Fields, keys);
  return { schema, resolved, restore: renamed.any ? createRestore(resolved) : (args) => args };
}

function fit(schema: unknown, depth: number, renamed: { any: boolean }): unknown {
  if (typeof schema !== 'object' || schema === null || schema instanceof ExactNumber) return schema;
  if (depth > DEEPEST) return {};
  if (Array.isArray(schema)) return schema.map((each) => fit(each, depth + 1, renamed));
  const result: Fields = {};
  for (const [keyword, value] of Object.entries(schema as Fields)) {
    if (DROPPED.has(keyword) && typeof value !== 'object') continue;
    if (keyword === 'dependencies' || !hasForm(keyword, value)) continue;
    if (keyword === 'required' && Array.isArray(value)) result.required = [...new Set(value)];
    else if (keyword === 'type' && Array.isArray(value)) result.type = [...new Set(value)];
    else if (VALUES.has(keyword)) result[keyword] = value;
    else if (keyword === 'properties') result.properties = fitProperties(value, depth, renamed);
    else if (MAPS.has(keyword)) {
      result[keyword === 'definitions' ? '$defs' : keyword] = mapValues(value, (each) =>
        fit(each, depth + 1, renamed),
      );
    } else if (keyword === '$ref' && typeof value === 'string') {
      result.$ref = value.replace(/^#\/definitions\//, '#/$defs/');
    } else if (keyword === 'items' && Array.isArray(value)) result.prefixItems = fit(value, depth, renamed);
    else result[keyword] = fit(value, depth + 1, renamed);
  }
  if (Array.isArray(result.required) && isJsonObject(result.properties)) {
    const names = keysOf(Object.keys((schema as Fields).properties as Fields));
    result.required = result.required.map((name) => names.get(name as string) ?? name);
  }
  return withLimits(withItems(result));
}

function fitProperties(value: unknown, depth: number, renamed: { any: boolean }): unknown {
  if (!isJsonObject(value)) return value;
  const names = keysOf(Object.keys(value));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const key = names.get(name) ?? name;
      const fitted = fit(each, depth + 1, renamed);
      if (key === name) return [name, fitted];
      renamed.any = true;
      const described = isJsonObject(fitted) ? fitted : {};
      const description = typeof described.description === 'string' ? ` ${described.description}` : '';
      return [key, { ...described, description: `Sent as \`${name.slice(0, 200)}\`.${description}` }];
    }),
  );
}

/** A list must say what is in it. */
function withItems(schema: Fields): Fields {
  const types = [schema.type].flat();
  if (!types.includes('array') || schema.items !== undefined) return schema;
  return { ...schema, items: {} };
}

/** Draft 4 has flags where later versions have numbers. */
function withLimits(schema: Fields): Fields {
  for (const [flag, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[flag] !== 'boolean') continue;
    const { [flag]: isExclusive, [limit]: bound, ...rest } = schema;
    const more =
      isExclusive && bound !== undefined ? { [flag]: bound } : bound === undefined ? {} : { [limit]: bound };
    return withLimits({ ...rest, ...more });
  }
  return schema;
}

/**
 * The top of the schema is one object. Its alternatives become optional properties, because providers refuse
 * `anyOf` there; the description says which go together.
 */
function topLevel(schema: Fields, keys: ReadonlyMap<string, string>): Fields {
  const { $ref, not: _not, enum: _enum, const: _const, if: _if, then: _then, else: _else, ...rest } = schema;
  const target = typeof $ref === 'string' ? { ...followed($ref, schema), ...rest } : rest;
  const properties: Fields = { ...(isJsonObject(target.properties) ? target.properties : {}) };
  const required = new Set<unknown>(Array.isArray(target.required) ? target.required : []);
  const notes: string[] = [];
  for (const keyword of COMBINED) {
    const parts = listOf(target[keyword]).map((part) =>
      typeof part.$ref === 'string' ? { ...followed(part.$ref, schema), ...part } : part,
    );
    for (const part of parts) {
      for (const [name, each] of Object.entries(isJsonObject(part.properties) ? part.properties : {})) {
        properties[name] ??= each;
      }
      if (keyword === 'allOf') for (const name of listed(part.required)) required.add(name);
    }
    const groups = parts
      .map((part) => listed(part.required).map((name) => keys.get(name) ?? name))
      .filter((names) => names.length > 0);
    if (keyword !== 'allOf' && groups.length > 0) {
      notes.push(`Give one of: ${groups.map((names) => names.join(' and ')).join('; or ')}.`);
    }
    delete target[keyword];
  }
  const description = [target.description, ...notes].filter((text) => typeof text === 'string').join(' ');
  const { $defs, ...others } = target;
  return {
    ...others,
    type: 'object',
    properties,
    ...(required.size > 0 ? { required: [...required] } : {}),
    ...(description !== '' && { description }),
    ...($defs !== undefined && { $defs }),
  };
}

const followed = ($ref: string, root: Fields): Fields => {
  const name = /^#\/\$defs\/([^/]+)$/.exec($ref)?.[1];
  const target = name !== undefined && isJsonObject(root.$defs) ? root.$defs[name] : undefined;
  return isJsonObject(target) ? target : {};
};

/** A function that gives arguments the names of `root`, whose own properties say which were changed. */
function createRestore(root: Fields): (args: unknown) => unknown {
  /** The names and schemas of an object's keys, by schema, with its references and alternatives. */
  const known = new Map<
    Fields,
    { back: Map<string, string>; properties: Fields; items: Fields | undefined }
  >();

  function namesOf(schema: Fields) {
    const found = known.get(schema);
    if (found) return found;
    const back = new Map<string, string>();
    const properties: Fields = {};
    let items: Fields | undefined;
    for (const each of alternatives(schema, root)) {
      items ??= isJsonObject(each.items) ? each.items : undefined;
      if (!isJsonObject(each.properties)) continue;
      for (const [name, key] of keysOf(Object.keys(each.properties))) {
        if (back.has(key)) continue;
        back.set(key, name);
        properties[name] = each.properties[name];
      }
    }
    const names = { back, properties, items };
    known.set(schema, names);
    return names;
  }

  function restore(args: unknown, schema: unknown, depth: number): unknown {
    if (depth > DEEPEST || typeof args !== 'object' || args === null || 'toJSON' in args) return args;
    if (!isJsonObject(schema)) return args;
    const { back, properties, items } = namesOf(schema);
    if (Array.isArray(args)) return args.map((arg) => restore(arg, items, depth + 1));
    return Object.fromEntries(
      Object.entries(args).map(([key, arg]) => {
        const name = back.get(key) ?? key;
        return [name, restore(arg, properties[name], depth + 1)];
      }),
    );
  }
  return (args) => restore(args, root, 0);
}

/** A schema, what it refers to, and its alternatives: at most MOST_ALTERNATIVES. */
function alternatives(schema: Fields, root: Fields): Fields[] {
  const found = new Set([schema]);
  for (const each of found) {
    if (found.size > MOST_ALTERNATIVES) break;
    const [, place = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(each.$ref)) ?? [];
    const definitions = root[place];
    const target = isJsonObject(definitions) ? definitions[name] : undefined;
    if (isJsonObject(target)) found.add(target);
    for (const other of COMBINED.flatMap((keyword) => listOf(each[keyword]))) found.add(other);
  }
  return [...found];
}

/** For each name the key that a provider accepts; its own if it already is one. */
function keysOf(names: readonly string[]): Map<string, string> {
  const taken = new Set(names.filter((name) => KEY.test(name)));
  const next = new Map<string, number>();
  return new Map(
    names.map((name) => {
      if (KEY.test(name)) return [name, name];
      const base =
        name
          .slice(0, 256)
          .replace(/[^a-zA-Z0-9_.-]+/g, '_')
          .replace(/^_|_$/g, '')
          .slice(0, LONGEST_KEY) || 'argument';
      let key = base;
      while (taken.has(key)) {
        const n = (next.get(base) ?? 1) + 1;
        next.set(base, n);
        key = `${base.slice(0, LONGEST_KEY - 7)}_${n}`;
      }
      taken.add(key);
      return [name, key];
    }),
  );
}

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const listed = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
