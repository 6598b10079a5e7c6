/** Enough of a task id to tell runs apart by eye; the search takes it too. */
export const shortId = (taskId: string): string => taskId.slice(0, 8);

/** Words for how a run came to be, by `trigger`. */
export const TRIGGERS = {
  webhook: 'Webhook',
  test: 'Test',
  replay: 'Replay',
  rejection: 'Accepted later',
} as const;
