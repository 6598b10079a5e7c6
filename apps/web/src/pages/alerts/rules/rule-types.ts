import type { Schema } from '../../../api/client.js';
import { formatCount, formatSpan } from '../../../components/format.js';

export type Rule = Schema<'AlertRule'>;
export type RuleType = Rule['type'];

/** A number that a rule has. */
interface RuleField {
  name: 'percent' | 'window_seconds' | 'min_runs' | 'seconds' | 'usd';
  label: string;
  suffix?: string;
  min: number;
  max: number;
  preset: number;
}

/** What the form says and asks of each type of rule. */
export const RULE_TYPES: Record<RuleType, { label: string; about: string; fields: RuleField[] }> = {
  first_failure: {
    label: 'First failure',
    about: 'A run fails after one that succeeded, until one succeeds again.',
    fields: [],
  },
  failure_rate: {
    label: 'Failure rate',
    about: 'Too many of the runs that ended within a time failed.',
    fields: [
      { name: 'percent', label: 'Failed runs', suffix: ' %', min: 1, max: 100, preset: 50 },
      { name: 'window_seconds', label: 'Within', suffix: ' s', min: 60, max: 86_400, preset: 900 },
      { name: 'min_runs', label: 'Of at least', suffix: ' runs', min: 1, max: 100_000, preset: 5 },
    ],
  },
  backlog_age: {
    label: 'Backlog age',
    about: 'A task waits too long for its start.',
    fields: [{ name: 'seconds', label: 'Longer than', suffix: ' s', min: 5, max: 2_592_000, preset: 300 }],
  },
  callback_disabled: {
    label: 'Callback disabled',
    about: 'A callback was disabled because its receiver failed.',
    fields: [],
  },
  silence: {
    label: 'Silence',
    about: 'No event arrives for too long.',
    fields: [
      { name: 'seconds', label: 'Longer than', suffix: ' s', min: 10, max: 2_592_000, preset: 86_400 },
    ],
  },
  spend: {
    label: 'Spend',
    about: 'The runs of a day or a month have cost too much.',
    fields: [{ name: 'usd', label: 'More than (USD)', min: 0.000001, max: 1_000_000, preset: 10 }],
  },
  budget: {
    label: 'Budget',
    about: 'A budget is used up to 80 or 100 %.',
    fields: [],
  },
};

const inWords = (seconds: number | undefined): string => formatSpan((seconds ?? 0) * 1000);

/** The condition of a rule in a few words. */
export function conditionOf(rule: Rule): string {
  const { label } = RULE_TYPES[rule.type];
  switch (rule.type) {
    case 'failure_rate':
      return `${label}: ${rule.percent} % of at least ${formatCount(rule.min_runs, 'run')} in ${inWords(rule.window_seconds)}`;
    case 'backlog_age':
    case 'silence':
      return `${label}: ${inWords(rule.seconds)}`;
    case 'spend':
      return `${label}: $${rule.usd} a ${rule.per}`;
    default:
      return label;
  }
}
