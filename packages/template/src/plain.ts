import { type Output, type Template, TokenKind, type Value } from 'liquidjs';
import { parse } from './engine.js';

/**
 * Filters whose work is linear in their input. All but the last three accept only literal arguments: `join`
 * with a separator from a payload could create a text many times as long as the payload.
 */
const LITERAL_ARGUMENTS = new Set(
  (
    'raw json upcase downcase capitalize strip lstrip rstrip strip_newlines escape newline_to_br url_encode size first ' +
    'last join date truncate plus minus times divided_by modulo round floor ceil abs at_least at_most'
  ).split(' '),
);
const ANY_ARGUMENTS = new Set(['append', 'prepend', 'default']);
const LITERALS = new Set([TokenKind.Quoted, TokenKind.Number, TokenKind.Literal]);
/** Parsing a text, and visiting the many small values that it may become, in visits of a text. */
const PARSING = 8;
/** Writing each value on a line of its own, behind up to ten spaces for each of 64 levels. */
const INDENTING = 32;
/** How LiquidJS names an output escape that is a function. */
const ESCAPE = '[object Function]';

interface AnyToken {
  kind: TokenKind;
  operator?: string;
  /** For a property access: its start, unless that is a name, and its steps. */
  variable?: AnyToken;
  props?: AnyToken[];
}
interface Branching {
  branches: { value: Value; templates: Template[] }[];
  elseTemplates?: Template[];
}

const known = new WeakMap<Template[], { units: number | undefined }>();

/**
 * An upper bound for how often rendering visits its variables: outputs, filters and conditions. Undefined for
 * a template with anything that may take longer, such as a loop. Throws LiquidJS's errors.
 */
export function unitsOf(source: string): number | undefined {
  const templates = parse(source);
  const counted = known.get(templates) ?? { units: sum(templates.map(unitsOfNode)) };
  known.set(templates, counted);
  return counted.units;
}

function sum(counts: (number | undefined)[]): number | undefined {
  return counts.reduce(
    (total, count) => (total === undefined || count === undefined ? undefined : total + count),
    0,
  );
}

function unitsOfNode(node: Template): number | undefined {
  if (node.token.kind === TokenKind.HTML) return 0;
  if (node.token.kind === TokenKind.Output) return unitsOfValue((node as Output).value);
  const { name } = node as { name?: string };
  if (name === 'comment' || name === 'raw' || name === '#') return 0;
  if (name !== 'if' && name !== 'unless') return undefined;
  const { branches, elseTemplates = [] } = node as unknown as Branching;
  return sum([
    ...branches.flatMap(({ value, templates }) => [unitsOfValue(value), ...templates.map(unitsOfNode)]),
    ...elseTemplates.map(unitsOfNode),
  ]);
}

function unitsOfValue({ initial, filters }: Value): number | undefined {
  const tokens = (initial as unknown as { postfix: AnyToken[] }).postfix;
  if (!tokens.every(isPlain)) return undefined;
  return sum([tokens.length, ...filters.map(unitsOfFilter)]);
}

function isPlain({ kind, operator, variable, props = [] }: AnyToken): boolean {
  if (kind === TokenKind.PropertyAccess) {
    const isStep = (step: AnyToken) => step.kind === TokenKind.Word || isPlain(step);
    return (variable === undefined || isPlain(variable)) && props.every(isStep);
  }
  // `contains` searches one text of a payload in another.
  return LITERALS.has(kind) || (kind === TokenKind.Operator && operator !== 'contains');
}

function unitsOfFilter({ name, args }: Value['filters'][number]): number | undefined {
  const tokens = (args as unknown[]).map(
    (arg) => (Array.isArray(arg) ? arg[1] : arg) as AnyToken | undefined,
  );
  const literal = tokens.every((token) => token !== undefined && LITERALS.has(token.kind));
  if (name === ESCAPE) return 1;
  if (name === 'parse_json') return PARSING;
  if (name === 'json' && tokens.length > 0 && literal) return INDENTING;
  if (ANY_ARGUMENTS.has(name) && tokens.every((token) => token !== undefined && isPlain(token))) return 2;
  return LITERAL_ARGUMENTS.has(name) && literal ? 1 : undefined;
}
