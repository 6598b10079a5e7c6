import type { Load } from './load.js';
import type { Figure } from './report.js';
import type { Sizes } from './sizes.js';
import { median } from './stats.js';

interface Side {
  url: string;
  /** Done before each of its rounds. */
  before?: () => Promise<void>;
}

/**
 * How two webhooks' rates compare: after a warm-up, short rounds of one and the other by turns, so that whatever else
 * the machine does falls on both. Returns each round's requests per second.
 */
async function byTurns(load: Load, sizes: Sizes, sides: [Side, Side]): Promise<[number[], number[]]> {
  const rates: [number[], number[]] = [[], []];
  for (const { url } of sides) await load.rate(url, sizes.warmUpSeconds);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const n of [0, 1] as const) {
      await sides[n].before?.();
      rates[n].push(await load.rate(sides[n].url, sizes.roundSeconds));
    }
  }
  return rates;
}

/** The trigger with its durable acknowledgement beside a route that stores nothing. */
export async function triggerRate(
  load: Load,
  sizes: Sizes,
  bareUrl: string,
  realUrl: string,
): Promise<Figure[]> {
  const [bare, real] = await byTurns(load, sizes, [{ url: bareUrl }, { url: realUrl }]);
  return [
    {
      what: 'bare Fastify route, stores nothing',
      value: median(bare),
      unit: 'req/s',
      details: { rounds: bare },
    },
    {
      what: 'trigger, durable acknowledgement',
      value: median(real),
      unit: 'req/s',
      details: { rounds: real },
    },
    {
      what: 'trigger / bare route',
      value: median(real) / median(bare),
      unit: '×',
      target: { is: 'at least', value: 0.45 },
    },
  ];
}

/** The trigger with many tasks waiting beside the trigger with none. */
export async function triggerRateByBacklog(
  load: Load,
  sizes: Sizes,
  none: Side,
  many: Side,
): Promise<Figure> {
  const [without, withMany] = await byTurns(load, sizes, [none, many]);
  return {
    what: `trigger rate, ${sizes.backlog.toLocaleString('en')} waiting / none`,
    value: median(withMany) / median(without),
    unit: '×',
    target: { is: 'at least', value: 0.9 },
    details: { none: without, many: withMany },
  };
}
