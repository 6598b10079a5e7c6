import { type CronExpression, CronExpressionParser } from 'cron-parser';

/** When a cron expression matches: on which days, and at which times of such a day. */
export interface Cron {
  /** Whether its hour is `*`: it then also runs in the second pass of a repeated hour. */
  everyHour: boolean;
  /** Seconds of the day, rising. */
  times: readonly number[];
  matchesDay: (day: Day) => boolean;
}

/** A day of the calendar, without a time zone. */
export interface Day {
  /** From 1. */
  month: number;
  date: number;
  /** From 0, Sunday. */
  weekday: number;
  /** Number of days in its month. */
  length: number;
}

/** Five or six fields of `*`, numbers, names, lists, ranges, steps, `L` and `#`; or a name like `@daily`. */
const FORM = /^(?:@[a-z]+|[0-9A-Za-z*?,/#-]+(?: [0-9A-Za-z*?,/#-]+){4,5})$/;
/** `H` stands for a value that the parser picks at random, another one each time. */
const RANDOM = /(?:^|[ ,])H/;

/** Reads a cron expression. Throws an error whose message says what is wrong with it. */
export function parseCron(text: string): Cron {
  const given = text.trim().replace(/\s+/g, ' ');
  if (!FORM.test(given)) throw new Error('it needs five fields, or six that begin with the seconds');
  if (RANDOM.test(given)) throw new Error('H is not supported: write the value');
  const { fields } = CronExpressionParser.parse(given);
  return {
    everyHour: fields.hour.values.length === 24,
    times: timesOf(fields),
    matchesDay: dayMatcher(fields),
  };
}

type Fields = CronExpression['fields'];

const timesOf = ({ hour, minute, second }: Fields): number[] =>
  hour.values.flatMap((h) => minute.values.flatMap((m) => second.values.map((s) => h * 3600 + m * 60 + s)));

const WEEK = 7;

/**
 * Days match by date, by weekday, or, if both are restricted, by either (crontab(5)). `L` is the last day of
 * the month; `5L` its last Friday; `5#2` its second Friday.
 */
function dayMatcher({ month, dayOfMonth, dayOfWeek }: Fields): Cron['matchesDay'] {
  const months = new Set<number>(month.values);
  const dates = new Set<number | string>(dayOfMonth.values);
  const weekdays = new Set<number>();
  const lastWeekdays = new Set<number>();
  for (const value of dayOfWeek.values) {
    const text = String(value);
    (text.endsWith('L') ? lastWeekdays : weekdays).add(Number.parseInt(text, 10) % WEEK);
  }
  const byDate = ({ date, length }: Day) => dates.has(date) || (dayOfMonth.hasLastChar && date === length);
  const byWeekday = ({ weekday, date, length }: Day) =>
    (weekdays.has(weekday) && (dayOfWeek.nthDay <= 0 || Math.ceil(date / WEEK) === dayOfWeek.nthDay)) ||
    (lastWeekdays.has(weekday) && date + WEEK > length);
  return (day) => {
    if (!months.has(day.month)) return false;
    if (dayOfMonth.isWildcard) return dayOfWeek.isWildcard || byWeekday(day);
    return byDate(day) || (!dayOfWeek.isWildcard && byWeekday(day));
  };
}
