import type { Bounded, CelIssue, CelSubject } from '@agenthook/bounded';
import type { AgentConfig } from '@agenthook/contracts';
import { AppError } from '../errors.js';

/** How long an expression waits to be compiled, in ms; a person is saving. */
const WAIT_MS = 10_000;

/**
 * Checks that an agent's filter, its breaker's key and the conditions of its tools' approvals compile. Throws
 * `invalid_filter` and `invalid_approval` with line and column, and `busy`.
 */
export async function checkFilters(
  bounded: Bounded,
  agentId: string,
  { filter, breaker, tools }: AgentConfig,
): Promise<void> {
  await checkApprovals(bounded, agentId, tools);
  const fault =
    (await faultAt('/filter', 'filter', filter, isBool)) ??
    (await faultAt('/breaker/key', 'key of the breaker', breaker?.key, () => true));
  if (fault) throw invalidFilter(fault);

  async function faultAt(
    path: string,
    what: string,
    source: string | null | undefined,
    fits: (type: string) => boolean,
  ) {
    const issue = source ? await faultOf(bounded, agentId, source, fits) : undefined;
    return issue && { path, what, issue };
  }
}

/** Throws `invalid_approval` for a condition of a tool's approval that does not compile, and `busy`. */
async function checkApprovals(bounded: Bounded, agentId: string, tools: AgentConfig['tools']): Promise<void> {
  for (const [index, { approval }] of tools.entries()) {
    if (typeof approval !== 'object') continue;
    const issue = await faultOf(bounded, agentId, approval.when, isBool, 'call');
    if (!issue) continue;
    const at = `tools/${index}/approval/when`;
    const where = `line ${issue.line}, column ${issue.column}`;
    throw new AppError(
      'invalid_approval',
      `The expression of ${at} does not compile: ${where}: ${issue.message}`,
      { issues: [{ path: `/${at}`, ...issue }] },
    );
  }
}

/** The refusal of an expression that does not compile. */
export function invalidFilter({
  path,
  what,
  issue,
}: {
  path: string;
  what: string;
  issue: CelIssue;
}): AppError {
  const where = `line ${issue.line}, column ${issue.column}`;
  return new AppError('invalid_filter', `The ${what} does not compile: ${where}: ${issue.message}`, {
    issues: [{ path, ...issue }],
  });
}

/** The evaluator does not know the types of a payload's members. */
const isBool = (type: string): boolean => type === 'bool' || type.startsWith('dyn');

/** Why a filter does not compile; undefined if it does. Throws `busy`. */
export const faultOfFilter = (bounded: Bounded, agentId: string, filter: string) =>
  faultOf(bounded, agentId, filter, isBool);

async function faultOf(
  bounded: Bounded,
  agentId: string,
  source: string,
  fits: (type: string) => boolean,
  subject: CelSubject = 'event',
): Promise<CelIssue | undefined> {
  const checked = await bounded.checkCel(source, { key: agentId, waitMs: WAIT_MS }, subject);
  switch (checked.outcome) {
    case 'compiles':
      return fits(checked.type)
        ? undefined
        : { message: `its value is of type ${checked.type}, not true or false`, line: 1, column: 1 };
    case 'fault':
      return checked.issue;
    case 'starved':
      throw new AppError('busy', 'Too much is being compiled. Try again in a few seconds.', {
        retryAfterSeconds: 5,
      });
    case 'too_slow':
    case 'too_large':
      return { message: 'it takes too long to compile', line: 1, column: 1 };
  }
}
