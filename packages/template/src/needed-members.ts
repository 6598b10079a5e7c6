import { type Output, type Template, TokenKind, type Value } from 'liquidjs';
import { parse } from './engine.js';

interface AnyToken {
  kind: TokenKind;
  content?: string;
  props?: AnyToken[];
}
/** A tag with templates in it. */
interface Tag {
  name?: string;
  branches?: { value: Value; templates: Template[] }[];
  elseTemplates?: Template[];
  templates?: Template[];
}

/**
 * The members of the variable `root` that a template inserts without an alternative: `{{ secrets.token }}`,
 * also as an argument of a filter. Leaves out outputs with the filter `default`, and those in an `if` that
 * asks for the variable. Empty for a template that does not parse.
 */
export function neededMembers(source: string, root: string): string[] {
  try {
    return [...new Set(parse(source).flatMap((node) => neededBy(node, root)))];
  } catch {
    return [];
  }
}

function neededBy(node: Template, root: string): string[] {
  if (node.token.kind === TokenKind.Output) {
    const { value } = node as Output;
    return value.filters.some(({ name }) => name === 'default') ? [] : membersOf(value, root);
  }
  const { name, branches = [], elseTemplates = [], templates = [] } = node as Tag;
  const isAsked = branches.some(
    ({ value }) => value.initial !== undefined && membersOf(value, root).length > 0,
  );
  if (isAsked || name === 'case') return [];
  const inside = [...branches.flatMap((branch) => branch.templates), ...elseTemplates, ...templates];
  return inside.flatMap((each) => neededBy(each, root));
}

function membersOf({ initial, filters }: Value, root: string): string[] {
  const start = (initial as unknown as { postfix: AnyToken[] }).postfix;
  const args = filters.flatMap(({ args }) => args as (AnyToken | [string, AnyToken])[]);
  return [...start, ...args.map((arg) => (Array.isArray(arg) ? arg[1] : arg))].flatMap((token) => {
    const [first, second] = token?.props ?? [];
    const isMember = first?.content === root && typeof second?.content === 'string';
    return isMember && second.kind !== TokenKind.PropertyAccess ? [second.content as string] : [];
  });
}
