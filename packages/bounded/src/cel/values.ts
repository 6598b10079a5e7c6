/**
 * A JSON value as the evaluator reads it: the same, unless an object in it has a member called `constructor`,
 * by which the evaluator tells the types of JavaScript's values. Such an object becomes a Map.
 */
export function celValueOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map(celValueOf);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const members = Object.entries(value);
  const read = members.map(([name, member]): [string, unknown] => [name, celValueOf(member)]);
  if (Object.hasOwn(value, 'constructor')) return new Map(read);
  return read.some(([, member], index) => member !== members[index]?.[1]) ? Object.fromEntries(read) : value;
}
