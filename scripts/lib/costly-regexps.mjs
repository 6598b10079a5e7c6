import { parseSync } from 'oxc-parser';
import { analyse } from 'scslre';

/** Every node of a syntax tree. */
function* nodesOf(value) {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.type === 'string') yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

const constant = (node) =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

/** The regular expression that a node makes: source and flags. One that is put together at run time is not seen. */
function regexpOf(node) {
  if (node.type === 'Literal' && node.regex) return [node.regex.pattern, node.regex.flags];
  if ((node.type === 'NewExpression' || node.type === 'CallExpression') && node.callee.name === 'RegExp')
    return [constant(node.arguments[0]), constant(node.arguments[1]) ?? ''];
  // Ajv compiles the patterns of schemas so.
  if (node.type === 'Property' && (node.key.name ?? node.key.value) === 'pattern')
    return [constant(node.value), 'u'];
  return [];
}

/** What a text looks like that makes an expression slow. */
function explain({ type, character, exponential }) {
  const cost = exponential ? 'exponential' : type === 'Move' ? 'quadratic from every start' : 'polynomial';
  return `${cost} on ${JSON.stringify(character.pick)} many times, where what follows does not fit`;
}

/** The regular expressions in `code` of which scslre proves that they are of super-linear cost. */
export function costlyRegexps(file, code) {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  return [...nodesOf(program)].flatMap((node) => {
    const [source, flags] = regexpOf(node);
    const [report] = source === undefined ? [] : analyse(new RegExp(source, flags)).reports;
    if (report === undefined) return [];
    const line = code.slice(0, node.start).split('\n').length;
    return [{ file, line, source, why: explain(report) }];
  });
}
