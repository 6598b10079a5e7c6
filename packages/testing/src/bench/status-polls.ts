import { openLine } from './http.js';
import { PAYLOAD } from './payload.js';
import type { Figure } from './report.js';
import type { Sizes } from './sizes.js';
import { median } from './stats.js';
import type { System } from './system.js';

/** A valid task id that does not exist. */
const UNKNOWN_ID = '00000000-0000-8000-8000-000000000000';
const WARM_UP = 200;

/**
 * How much longer a status poll takes with many waiting tasks than with none, alternating known and unknown
 * ids.
 */
export async function statusPolls(none: System, many: System, sizes: Sizes): Promise<Figure[]> {
  const sides = { none: openLine(none.stack.url), many: openLine(many.stack.url) };
  const systems = { none, many };
  const times = {
    known: { none: [] as number[], many: [] as number[] },
    unknown: { none: [] as number[], many: [] as number[] },
  };
  try {
    const known = { none: '', many: '' };
    for (const side of ['none', 'many'] as const) {
      const { body } = await sides[side].ask('POST', new URL(systems[side].webhookUrl).pathname, PAYLOAD);
      known[side] = JSON.parse(body).task_id;
    }
    await none.dropWaiting();
    for (let n = -WARM_UP; n < sizes.pollSamples; n++) {
      for (const side of ['none', 'many'] as const) {
        for (const kind of ['known', 'unknown'] as const) {
          const id = kind === 'known' ? known[side] : UNKNOWN_ID;
          const { status, ms } = await sides[side].ask('GET', `/api/task_status?task_id=${id}`);
          if (status !== (kind === 'known' ? 200 : 404))
            throw new Error(`a status poll was answered ${status}`);
          if (n >= 0) times[kind][side].push(ms);
        }
      }
    }
  } finally {
    sides.none.close();
    sides.many.close();
  }
  return (['known', 'unknown'] as const).map((kind) => ({
    what: `status poll, ${kind} id, ${sizes.backlog.toLocaleString('en')} waiting / none`,
    value: median(times[kind].many) / median(times[kind].none),
    unit: '×',
    target: { is: 'at most', value: 1.2 },
    details: { none_ms: median(times[kind].none), many_ms: median(times[kind].many) },
  }));
}
