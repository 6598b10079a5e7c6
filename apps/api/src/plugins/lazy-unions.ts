import { _, type Ajv, type ErrorObject, type KeywordCxt, Name, str, type ValidateFunction } from 'ajv';

/** Stands for `discriminator` and `oneOf` in the schemas that `withLazyUnions` returns. */
const KEYWORD = 'lazyUnion';

/** The shapes that a value may have, by the value of the property that tells them apart. */
interface Union {
  tag: string;
  shapes: Record<string, object>;
}

type Json = Record<string, unknown>;
type Check = ((data: Json, place: object) => boolean) & { errors?: Partial<ErrorObject>[] | null };

/** The names that Ajv gives the variables of the code it generates. */
const [V_ERRORS, ERRORS, INSTANCE_PATH, ROOT_DATA] = ['vErrors', 'errors', 'instancePath', 'rootData'].map(
  (name) => new Name(name),
) as [Name, Name, Name, Name];

/**
 * A schema whose unions with a `discriminator` are compiled shape by shape, each when the first value has it.
 * An agent's schema has more than a hundred shapes of tools, signatures and destinations, and an agent has
 * few: compiling all of them took ten times as long, and 35 MB.
 */
export function withLazyUnions<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(withLazyUnions) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { discriminator, oneOf, ...rest } = schema as Json & { discriminator?: { propertyName?: unknown } };
  const tag = discriminator?.propertyName;
  const isUnion = typeof tag === 'string' && Array.isArray(oneOf);
  const inner = Object.entries(isUnion ? rest : schema).map(([name, value]) => [name, withLazyUnions(value)]);
  return Object.fromEntries(isUnion ? [...inner, [KEYWORD, unionOf(tag, oneOf)]] : inner);
}

function unionOf(tag: string, shapes: { properties: Record<string, { const: string }> }[]): Union {
  const byTag = shapes.map((shape) => [shape.properties[tag]?.const, withLazyUnions(shape)]);
  return { tag, shapes: Object.fromEntries(byTag) };
}

/** Lets a compiler understand the schemas of `withLazyUnions`. */
export function addLazyUnions(ajv: Ajv): Ajv {
  return ajv.addKeyword({
    keyword: KEYWORD,
    type: 'object',
    schemaType: 'object',
    // As for a `$ref`, the function's own errors are added. `validate` would give them another schemaPath.
    code: (cxt: KeywordCxt) => {
      const { gen, data, it } = cxt;
      const check = gen.scopeValue('validate', { ref: checkOf(ajv, cxt.schema as Union) });
      const { parentData, parentDataProperty } = it;
      const place = _`{instancePath: ${str`${INSTANCE_PATH}${it.errorPath}`}, parentData: ${parentData}, parentDataProperty: ${parentDataProperty}, rootData: ${ROOT_DATA}}`;
      cxt.result(_`${check}(${data}, ${place})`, undefined, () => {
        gen.assign(V_ERRORS, _`${V_ERRORS} === null ? ${check}.errors : ${V_ERRORS}.concat(${check}.errors)`);
        gen.assign(ERRORS, _`${V_ERRORS}.length`);
        gen.assign(_`${check}.errors`, _`null`);
      });
    },
  });
}

function checkOf(ajv: Ajv, { tag, shapes }: Union): Check {
  const compiled = new Map<string, ValidateFunction>();
  const check: Check = (data, place) => {
    const value = data[tag];
    if (typeof value !== 'string' || !Object.hasOwn(shapes, value)) {
      const { instancePath } = place as { instancePath: string };
      const params = { tag, tags: Object.keys(shapes).join(', ') };
      check.errors = [{ keyword: 'discriminator', instancePath, schemaPath: `#/${KEYWORD}`, params }];
      return false;
    }
    const known = compiled.get(value) ?? ajv.compile(shapes[value] as object);
    compiled.set(value, known);
    const isValid = known(data, place as never);
    check.errors = known.errors ?? null;
    known.errors = null;
    return isValid;
  };
  return check;
}
