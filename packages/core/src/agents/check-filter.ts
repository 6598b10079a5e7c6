import type { Bounded, CelIssue } from '@agenthook/bounded';
import type { AgentConfig } from '@agenthook/contracts';
import { AppError } from '../errors.js';

/** How long an expression waits to be compiled, in ms; a person is saving. */
const WAIT_MS = 10_000;

/** Checks that an agent's filter compiles. Throws `invalid_filter` with line and column, and `busy`. */
export async function checkFilter(bounded: Bounded, agentId: string, { filter }: AgentConfig): Promise<void> {
  const issue = filter ? await faultOfFilter(bounded, agentId, filter) : undefined;
  if (!issue) return;
  const where = `line ${issue.line}, column ${issue.column}`;
  throw new AppError('invalid_filter', `The filter does not compile: ${where}: ${issue.message}`, {
    issues: [{ path: '/filter', ...issue }],
  });
}

/** Why an expression is not a filter; undefined if it is one. Throws `busy`. */
async function faultOfFilter(
  bounded: Bounded,
  agentId: string,
  source: string,
): Promise<CelIssue | undefined> {
  const checked = await bounded.checkCel(source, { key: agentId, waitMs: WAIT_MS });
  switch (checked.outcome) {
    case 'compiles': {
      const { type } = checked;
      if (type === 'bool' || type.startsWith('dyn')) return undefined;
      return { message: `its value is of type ${type}, not true or false`, line: 1, column: 1 };
    }
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
