import type { AlertType } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import type { RuleOf, StoredRule } from '../stored-rule.js';
import { backlogAge } from './backlog-age.js';
import { budget } from './budget.js';
import { callbackDisabled } from './callback-disabled.js';
import type { Condition, Pass, Reading } from './condition.js';
import { failureRate } from './failure-rate.js';
import { firstFailure } from './first-failure.js';
import { silence } from './silence.js';
import { spend } from './spend.js';

/** Every type of rule. */
const CONDITIONS: { [Kind in AlertType]: Condition<Kind> } = {
  first_failure: firstFailure,
  failure_rate: failureRate,
  backlog_age: backlogAge,
  callback_disabled: callbackDisabled,
  silence,
  spend,
  budget,
};

const conditionOf = (rule: StoredRule) => CONDITIONS[rule.type] as Condition<AlertType>;

/** What a rule finds now; undefined if nothing new is known. */
export const readRule = (
  pass: Pass,
  rule: StoredRule,
  open: readonly string[],
  state: unknown,
): Promise<Reading | undefined> => conditionOf(rule).read(pass, rule as RuleOf<AlertType>, open, state);

/** What a new rule remembers. */
export const beginState = async (ctx: Context, rule: StoredRule): Promise<unknown> =>
  await conditionOf(rule).begin?.(ctx, rule as RuleOf<AlertType>);
