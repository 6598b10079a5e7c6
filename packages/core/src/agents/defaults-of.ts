/** The defaults of an object's properties, as its schema says. */
export const defaultsOf = ({
  properties,
}: {
  properties: Record<string, { default?: unknown }>;
}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, { default: preset }]) =>
      preset === undefined ? [] : [[name, preset]],
    ),
  );
