import { byTurns, type Rounds, type Side } from './by-turns.js';
import type { Load } from './load.js';
import type { Figure } from './report.js';
import type { Sizes } from './sizes.js';
import { median } from './stats.js';

const rate = (what: string, { perSecond }: Rounds): Figure => ({
  what,
  value: median(perSecond),
  unit: 'req/s',
  details: { rounds: perSecond },
});

const cpu = (what: string, rounds: Rounds): Figure => ({
  what: `  time on a core per request, ${what}`,
  value: median(rounds.cpu),
  unit: 'µs',
  details: { rounds: rounds.cpu },
});

/** The trigger with its durable acknowledgement beside a route that stores nothing. */
export async function triggerRate(load: Load, sizes: Sizes, bare: Side, real: Side): Promise<Figure[]> {
  const [without, withAll] = await byTurns(load, sizes, [bare, real]);
  return [
    rate('bare Fastify route, stores nothing', without),
    rate('trigger, durable acknowledgement', withAll),
    {
      what: 'trigger / bare route',
      value: median(withAll.perSecond) / median(without.perSecond),
      unit: '×',
      target: { is: 'at least', value: 0.45 },
    },
    cpu('bare route', without),
    cpu('trigger (api alone)', withAll),
  ];
}

/** The trigger with many waiting tasks beside the trigger with none. */
export async function triggerRateByBacklog(
  load: Load,
  sizes: Sizes,
  none: Side,
  many: Side,
): Promise<Figure> {
  const [without, withMany] = await byTurns(load, sizes, [none, many]);
  return {
    what: `trigger rate, ${sizes.backlog.toLocaleString('en')} waiting / none`,
    value: median(withMany.perSecond) / median(without.perSecond),
    unit: '×',
    target: { is: 'at least', value: 0.9 },
    details: { none: without.perSecond, many: withMany.perSecond },
  };
}
