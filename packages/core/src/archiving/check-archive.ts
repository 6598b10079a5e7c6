import { withDeadline } from '@agenthook/async';
import type { Context } from '../context.js';
import type { ProcessInfo } from '../stats/heartbeat.js';
import { archiveBacklog } from './archive-backlog.js';

/** How long `/readyz` waits for the archive, in ms. */
const PATIENCE_MS = 1_000;
/** How long after they are due tasks may wait before that is a problem, in ms. */
const LATE_MS = 10 * 60_000;

/** One line for each thing that keeps finished tasks from the archive, or readers from what is in it. */
export async function checkArchive(ctx: Context, processes: readonly ProcessInfo[]): Promise<string[]> {
  const { archive } = ctx;
  const others = processes.filter(({ archives }) => archives !== undefined);
  const differs = others.some(({ archives }) => archives !== (archive !== undefined));
  const lines = differs
    ? ['ARCHIVE_URL is set for some processes and not for others. Set the same for all.']
    : [];
  if (!archive) return lines;
  const asked = archive.query('SELECT 1').then(
    () => true,
    () => false,
  );
  const answers = await withDeadline(asked, PATIENCE_MS, false);
  const { tasks, oldestMs, refused, example } = await archiveBacklog(ctx);
  if (!answers) {
    const reason = archive.problem() ?? 'no answer in time';
    return [
      ...lines,
      `The archive does not answer (${reason}): ${tasks} finished task(s) wait for it in Redis, and expire there.`,
    ];
  }
  if (refused > 0)
    lines.push(
      `The archive refused ${refused} finished task(s), which stay in Redis: ${example?.id}: ${example?.reason}.`,
    );
  const lateMs = oldestMs === undefined ? 0 : ctx.now() - archive.afterMs - oldestMs;
  if (lateMs < LATE_MS) return lines;
  const minutes = Math.floor(lateMs / 60_000);
  return [...lines, `${tasks} finished task(s) wait to be archived, the first for ${minutes} minutes.`];
}
