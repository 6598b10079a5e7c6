/** Enough of a task id to tell runs apart. The search accepts it too. */
export const shortId = (taskId: string): string => taskId.slice(0, 8);

/** How a run was created, by `trigger`. */
export const TRIGGERS = {
  webhook: 'Webhook',
  test: 'Test',
  replay: 'Replay',
  rejection: 'Accepted later',
  schedule: 'Schedule',
  continue: 'Continued',
  agent: 'Another agent',
  destination: 'End of another run',
} as const;
