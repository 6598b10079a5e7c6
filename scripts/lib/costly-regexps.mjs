import { parseSync } from 'oxc-parser';
import { analyse } from 'scslre';

/** Yields every node of a syntax tree. */
function* nodesOf(value) {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.type === 'string') yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

const constant = (node) =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

/**
 * The regular expression of a node: source and flags. Expressions that are built at run time are not found.
 */
function regexpOf(node) {
  if (node.type === 'Literal' && node.regex) return [node.regex.pattern, node.regex.flags];
  if ((node.type === 'NewExpression' || node.type === 'CallExpression') && node.callee.name === 'RegExp')
    return [constant(node.arguments[0]), constant(node.arguments[1]) ?? ''];
  // Ajv compiles the patterns of schemas this way.
  if (node.type === 'Property' && (node.key.name ?? node.key.value) === 'pattern')
    return [constant(node.value), 'u'];
  return [];
}

/** Describes a text that makes the expression slow. */
function explain({ type, character, exponential }) {
  const cost = exponential ? 'exponential' : type === 'Move' ? 'quadratic from every start' : 'polynomial';
  return `${cost} on ${JSON.stringify(character.pick)} many times, if what follows does not match`;
}

/** The regular expressions in `code` that scslre proves to have super-linear cost. */
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
