import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { MATCHES, passesOfCel } from './passes.js';
import { patternOf } from './patterns.js';

/** A fault of a CEL expression, with its place in the source; line and column begin at 1. */
export interface CelIssue {
  message: string;
  line: number;
  column: number;
}

/** The variables of an expression about an event: what a sender sent. */
export interface CelEvent {
  payload: unknown;
  /** Names in lower case. */
  headers: Record<string, string>;
  query: Record<string, string | string[]>;
}

/** The variables of an expression about a tool call. */
export interface CelCall {
  args: unknown;
  payload: unknown;
}

/** What an expression is about, which decides its variables. */
export type CelSubject = 'event' | 'call';

/** A compiled expression. */
export interface CelProgram {
  /**
   * How many passes over the event an evaluation takes at most; undefined if that depends on the event, as
   * with nested macros over the same list.
   */
  passes: number | undefined;
  /** The type of its value as far as the source tells, for example `bool` or `dyn`. */
  type: string;
  /** Evaluates the expression. Throws an error for people, for example for a missing field. */
  evaluate(variables: CelEvent | CelCall): unknown;
}

/** The limits of an expression's shape. Its length is limited where it is saved. */
const SHAPE = { maxAstNodes: 2_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 100 };

const environment = () =>
  new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: SHAPE,
  })
    .registerVariable('payload', 'dyn')
    .registerFunction(`string.${MATCHES}(string): bool`, {
      handler: (text: string, pattern: string) => patternOf(pattern).test(text),
      async: false,
    });

const ENVIRONMENTS: Record<CelSubject, Environment> = {
  event: environment()
    .registerVariable('headers', 'map<string, string>')
    .registerVariable('query', 'map<string, dyn>'),
  call: environment().registerVariable('args', 'dyn'),
};

/**
 * Compiles a CEL expression (https://github.com/google/cel-spec) over payload, headers and query of an event,
 * or over args and payload of a tool call.
 */
export function compileCel(
  source: string,
  subject: CelSubject = 'event',
): { program: CelProgram } | { issue: CelIssue } {
  try {
    const parsed = ENVIRONMENTS[subject].parse(source);
    useRe2(parsed.ast, source);
    const checked = parsed.check();
    if (!checked.valid) return { issue: issueOf(checked.error, source) };
    const evaluate = (variables: CelEvent | CelCall) => {
      try {
        return parsed(variables as unknown as Record<string, unknown>);
      } catch (error) {
        throw new Error(issueOf(error, source).message, { cause: error });
      }
    };
    return { program: { passes: passesOfCel(parsed.ast), type: checked.type ?? 'dyn', evaluate } };
  } catch (error) {
    return { issue: issueOf(error, source) };
  }
}

/** Directs each `matches` to our function, and compiles the patterns that the source spells out. */
function useRe2(node: ASTNode, source: string): void {
  if (node.op === 'rcall' && node.args[0] === 'matches') {
    node.args[0] = MATCHES;
    const [pattern] = node.args[2];
    if (pattern?.op === 'value' && typeof pattern.args === 'string') checkPattern(pattern, source);
  }
  for (const child of childrenOf(node)) useRe2(child, source);
}

function checkPattern(node: ASTNode, source: string): void {
  try {
    patternOf(String(node.args));
  } catch (error) {
    throw new PatternError(`RE2 does not accept the pattern: ${(error as Error).message}`, {
      cause: placeOf(source, node.start),
    });
  }
}

class PatternError extends Error {}

/** The operands of a node, in any order. */
function childrenOf(node: ASTNode): ASTNode[] {
  const nodes: ASTNode[] = [];
  const collect = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(collect);
    else if (part !== null && typeof part === 'object' && 'op' in part) nodes.push(part as ASTNode);
  };
  collect(node.args);
  return nodes;
}

function issueOf(error: unknown, source: string): CelIssue {
  if (error instanceof PatternError)
    return { message: error.message, ...(error.cause as ReturnType<typeof placeOf>) };
  const { summary, message, range } = error as Error & { summary?: string; range?: { start: number } };
  const text = (summary ?? message).replaceAll(MATCHES, 'matches').slice(0, 300);
  return { message: text, ...placeOf(source, range?.start ?? 0) };
}

function placeOf(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
