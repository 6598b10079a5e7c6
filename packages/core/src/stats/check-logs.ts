import type { ProcessInfo } from './heartbeat.js';

/** One line for each kind of process that cannot write its log at the moment. */
export function checkLogs(processes: readonly ProcessInfo[]): string[] {
  const dropping = processes.filter((each) => each.drops_log_lines);
  return dropping.map(
    ({ kind, dropped_log_lines }) =>
      `${kind === 'api' ? 'An api' : 'A worker'} drops log lines (${dropped_log_lines} so far): nobody reads ` +
      'its output, or the disk of its log file is full.',
  );
}
