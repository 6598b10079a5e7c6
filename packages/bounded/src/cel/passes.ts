import type { ASTNode } from '@marcbachmann/cel-js';
import { patternOf } from './patterns.js';

/**
 * The name under which we register `matches`. The library's own uses JavaScript's regular expressions, which
 * can take exponential time, and nobody may replace a function of the standard.
 */
export const MATCHES = 'matches_re2';

/**
 * What a node costs, both in passes over the event (see weigh.ts): to evaluate it, and to visit all of its
 * value. A value whose size is that of a literal has size 0. Within a macro, both are sums over all elements.
 */
interface Cost {
  passes: number;
  size: number;
}

/**
 * The variable of the innermost macro around a node; undefined outside of macros. Its values are disjoint
 * parts of the macro's list, so visiting all of them is one pass. Any other variable may be visited again for
 * each element.
 */
type Scope = string | undefined;

/** RE2's time for a character, compared with a visit. Each instruction of the pattern's program adds one. */
const PER_MATCH = 8;
/** A search for a long text compares more than one character at each place. */
const SEARCHED_AT_ONCE = 8;

const LOOPS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
/** Functions that visit their operands once, and whose value is no larger than a number. */
const TO_SMALL = new Set(
  'size int uint double bool timestamp type hasValue getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds'.split(
    ' ',
  ),
);
/** Functions that visit their operands once, and whose value is at most as large. */
const TO_SAME = new Set('string dyn lowerAscii upperAscii trim orValue or value of none optional'.split(' '));
/** Functions that look for a text; it has to be a literal, because a search for any text may be quadratic. */
const SEARCHES = new Set('contains startsWith endsWith indexOf lastIndexOf'.split(' '));

/**
 * How many passes over the event an expression takes at most; undefined if it may take more for a larger
 * event, or if we cannot tell.
 */
export function passesOfCel(node: ASTNode): number | undefined {
  const { passes } = costOf(node, undefined);
  return Number.isFinite(passes) ? passes : undefined;
}

const TOO_MUCH: Cost = { passes: Number.POSITIVE_INFINITY, size: Number.POSITIVE_INFINITY };

const sum = (costs: Cost[]): Cost =>
  costs.reduce((all, each) => ({ passes: all.passes + each.passes, size: all.size + each.size }), {
    passes: 0,
    size: 0,
  });

function costOf(node: ASTNode, scope: Scope): Cost {
  switch (node.op) {
    case 'value':
      return { passes: 1, size: 0 };
    case 'id':
      return { passes: 1, size: node.args === scope || scope === undefined ? 1 : Number.POSITIVE_INFINITY };
    case '.':
    case '.?':
      return plus(costOf(node.args[0], scope), 1);
    case '[]':
    case '[?]': {
      const [from, key] = [costOf(node.args[0], scope), costOf(node.args[1], scope)];
      return { passes: from.passes + key.passes + key.size + 1, size: from.size };
    }
    case '!_':
    case '-_':
      return plus(costOf(node.args, scope), 1);
    case '&&':
    case '||':
      return { passes: sum(node.args.map((each) => costOf(each, scope))).passes + 1, size: 0 };
    case '?:':
      return plus(sum(node.args.map((each) => costOf(each, scope))), 1);
    case '+': {
      const both = sum(node.args.map((each) => costOf(each, scope)));
      return plus(both, both.size + 1);
    }
    case 'in': {
      const [item, list] = [costOf(node.args[0], scope), costOf(node.args[1], scope)];
      return { passes: item.passes + list.passes + list.size + 1, size: 0 };
    }
    case 'list':
      return plus(sum(node.args.map((each) => costOf(each, scope))), 1, node.args.length);
    case 'map':
      return plus(sum(node.args.flat().map((each) => costOf(each, scope))), 1, node.args.length);
    case 'call':
      return costOfCall(node.args[0], undefined, node.args[1], scope);
    case 'rcall':
      return LOOPS.has(node.args[0])
        ? costOfLoop(node.args[0], node.args[1], node.args[2], scope)
        : costOfCall(node.args[0], node.args[1], node.args[2], scope);
    default: {
      // A comparison, which ends at the smaller side, or arithmetic, which only numbers and times have.
      const [left, right] = [costOf(node.args[0], scope), costOf(node.args[1], scope)];
      return { passes: left.passes + right.passes + Math.min(left.size, right.size) + 1, size: 0 };
    }
  }
}

const plus = ({ passes, size }: Cost, more: number, larger = 0): Cost => ({
  passes: passes + more,
  size: size + larger,
});

function costOfCall(name: string, receiver: ASTNode | undefined, args: ASTNode[], scope: Scope): Cost {
  const operands = receiver ? [receiver, ...args] : args;
  const all = sum(operands.map((each) => costOf(each, scope)));
  if (name === 'has') return { passes: all.passes + 1, size: 0 };
  if (name === MATCHES || SEARCHES.has(name)) {
    const [pattern, ...rest] = args;
    if (!receiver || rest.length > 0 || pattern?.op !== 'value' || typeof pattern.args !== 'string')
      return TOO_MUCH;
    const visits = SEARCHES.has(name)
      ? 1 + pattern.args.length / SEARCHED_AT_ONCE
      : // A pattern of ten characters may be a program of thousands: `(a?){1000}`.
        PER_MATCH + patternOf(pattern.args).programSize();
    return { passes: all.passes + times(all.size, visits), size: 0 };
  }
  // With an argument, these convert to a time zone, which is slow.
  if (name.startsWith('get') && args.length > 0) return TOO_MUCH;
  if (TO_SMALL.has(name)) return { passes: all.passes + all.size + 1, size: 0 };
  if (TO_SAME.has(name)) return { passes: all.passes + all.size + 1, size: all.size };
  return TOO_MUCH;
}

function costOfLoop(name: string, list: ASTNode, args: ASTNode[], scope: Scope): Cost {
  const [variable, ...bodies] = args;
  if (variable?.op !== 'id') return TOO_MUCH;
  const range = costOf(list, scope);
  const inner = sum(bodies.map((each) => costOf(each, variable.args)));
  const passes = range.passes + range.size + times(range.size, inner.passes) + 1;
  if (name === 'filter') return { passes, size: range.size };
  return { passes, size: name === 'map' ? times(range.size, inner.size + 1) : 0 };
}

/** A product in which nothing times too much is nothing. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);
