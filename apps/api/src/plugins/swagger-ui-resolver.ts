/**
 * A plugin of Swagger UI that replaces each `$ref` of an operation by what it names. Swagger UI's own code
 * parses the whole description for each operation that is opened, which took seconds of a core for ours
 * (https://github.com/swagger-api/swagger-ui/issues/10748). A `$ref` within itself stays as it is.
 *
 * It is sent to the browser as its source, so it uses nothing from outside.
 */
export function swaggerUiResolver() {
  const at = (value: unknown, path: readonly string[]): unknown =>
    path.reduce((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);
  const keysOf = (pointer: string) =>
    pointer
      .slice(2)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const expand = (spec: unknown, value: unknown, within: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => expand(spec, item, within));
    if (typeof value !== 'object' || value === null) return value;
    const ref = '$ref' in value ? value.$ref : undefined;
    if (typeof ref === 'string' && ref.startsWith('#/') && !within.includes(ref))
      return expand(spec, at(spec, keysOf(ref)), [...within, ref]);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(spec, item, within)]));
  };
  return {
    fn: {
      resolveSubtree: async (spec: unknown, path: string[]) => ({
        spec: expand(spec, at(spec, path), []),
        errors: [],
      }),
    },
  };
}
