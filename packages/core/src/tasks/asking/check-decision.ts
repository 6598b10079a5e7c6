import type { Bounded } from '@agenthook/bounded';
import type { AskedEntry, DecidedEntry, DecisionBody } from '@agenthook/contracts';
import { AppError } from '../../errors.js';

/** What a journal keeps of a decision. */
type Checked = Pick<DecidedEntry, 'decision' | 'arguments' | 'reason' | 'answer'> & {
  decision: DecisionBody['decision'];
};

/**
 * Checks that a decision fits what was asked, and its arguments or answer the JSON Schema. Throws
 * `invalid_decision`, and `busy`.
 */
export async function checkDecision(
  bounded: Bounded,
  asked: AskedEntry,
  { decision, arguments: edited, reason, answer }: DecisionBody,
): Promise<Checked> {
  const why = reason !== undefined && reason.trim() !== '' ? { reason: reason.trim() } : {};
  const fits =
    asked.kind === 'approval' ? decision !== 'answer' : decision === 'answer' || decision === 'deny';
  if (!fits) {
    const takes = asked.kind === 'approval' ? 'approve, deny or edit' : 'answer or deny';
    throw misfit('/decision', `must be ${takes}: the task waits for ${NAMES[asked.kind]}`);
  }
  const refused =
    (decision !== 'edit' && edited !== undefined && '/arguments') ||
    (decision !== 'answer' && answer !== undefined && '/answer');
  if (refused) throw misfit(refused, `does not belong to the decision ${decision}`);
  switch (decision) {
    case 'approve':
    case 'deny':
      return { decision, ...why };
    case 'edit':
      if (edited === undefined) {
        const message = 'is required to edit them';
        throw new AppError(
          'invalid_decision',
          'The decision does not fit: /arguments is required to edit them.',
          { issues: [{ path: '/arguments', message }] },
        );
      }
      await check(bounded, asked, edited, '/arguments');
      return { decision, arguments: edited, ...why };
    case 'answer':
      if (answer === undefined) throw misfit('/answer', 'is required');
      await check(bounded, asked, answer, '/answer');
      return { decision, answer, ...why };
  }
}

const NAMES = { approval: 'an approval', question: 'an answer', callback: 'a callback' } as const;

const misfit = (path: string, message: string): AppError =>
  new AppError('invalid_decision', `The decision does not fit: ${path} ${message}.`, {
    issues: [{ path, message }],
  });

/** What cannot be checked is not accepted: a doubt must not become an action. */
async function check(
  bounded: Bounded,
  { call, kind, schema }: AskedEntry,
  value: unknown,
  at: string,
): Promise<void> {
  const instead = kind === 'approval' ? 'approve or deny' : 'deny';
  if (!schema)
    throw misfit(at, `cannot be checked, because the tool's schema is too long to keep; ${instead}`);
  const checked = await bounded.check(schema, value, { key: call });
  switch (checked.outcome) {
    case 'fits':
      return;
    case 'bad_schema':
      throw misfit(at, `cannot be checked, because the tool's schema does not compile; ${instead}`);
    case 'misfit': {
      const issues = checked.issues.map(({ path, message }) => ({ path: `${at}${path}`, message }));
      const [first] = issues;
      throw new AppError('invalid_decision', `The decision does not fit: ${first?.path} ${first?.message}.`, {
        issues: issues.slice(0, 20),
        issuesTotal: issues.length,
      });
    }
    case 'too_slow':
    case 'too_large':
      throw misfit(at, 'takes too long to check');
    case 'starved':
      throw new AppError('busy', 'Too much is being checked at the moment. Try again in 2 s.', {
        retryAfterSeconds: 2,
      });
  }
}
