import { openLine } from './http.js';
import type { Figure } from './report.js';
import type { Sizes } from './sizes.js';
import { median } from './stats.js';
import type { System } from './system.js';

const SAMPLES = 200;
const WARM_UP = 20;
/** Pages into the list, so that the measurement includes a cursor. */
const PAGES = 3;
const PAGE = 'limit=50';

/**
 * How much longer a page of tasks takes with many tasks than with a few thousand, alternating between them.
 */
export async function taskLists(few: System, many: System, sizes: Sizes): Promise<Figure[]> {
  const lines = {
    few: openLine(few.stack.url, few.stack.adminKey),
    many: openLine(many.stack.url, many.stack.adminKey),
  };
  const times = { few: [] as number[], many: [] as number[] };
  try {
    for (let n = -WARM_UP; n < SAMPLES; n++) {
      for (const side of ['few', 'many'] as const) {
        let cursor = '';
        for (let page = 0; page < PAGES; page++) {
          const { status, body, ms } = await lines[side].ask('GET', `/api/tasks?${PAGE}${cursor}`);
          if (status !== 200) throw new Error(`a list of tasks was answered ${status}`);
          cursor = `&cursor=${JSON.parse(body).next_cursor}`;
          if (n >= 0) times[side].push(ms);
        }
      }
    }
  } finally {
    lines.few.close();
    lines.many.close();
  }
  return [
    {
      what: `page of 50 tasks, ${sizes.backlog.toLocaleString('en')} waiting / few thousand ended`,
      value: median(times.many) / median(times.few),
      unit: '×',
      details: { few_ms: median(times.few), many_ms: median(times.many) },
    },
  ];
}
