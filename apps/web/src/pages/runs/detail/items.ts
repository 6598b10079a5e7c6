import type { Delivery, FailedAttempt, Step, ToolCall, Trace } from './trace.js';

/** One line of a run's timeline. The URL contains the id of the chosen one. */
export type Item = { id: string } & (
  | { kind: 'input' }
  | { kind: 'prompt' }
  | { kind: 'step'; number: number; step: Step }
  | { kind: 'tool'; step: number; call: ToolCall }
  | { kind: 'attempt'; attempt: FailedAttempt }
  | { kind: 'result' }
  | { kind: 'callback'; delivery: Delivery }
);

/** What has happened in a run so far, in order. */
export function itemsOf(trace: Trace, deliveries: readonly Delivery[]): Item[] {
  const items: Item[] = [{ id: 'input', kind: 'input' }];
  // Withheld or not, a prompt exists from the first turn on.
  if (trace.prompt || trace.steps.length > 0) items.push({ id: 'prompt', kind: 'prompt' });
  const failed = [...trace.failed_attempts];
  const failedBefore = (attempt: number) => {
    for (let [next] = failed; next && next.attempt < attempt; [next] = failed) {
      // An attempt that lost its worker may fail again under the same number.
      const again = items.filter(({ id }) => id.startsWith(`attempt-${next?.attempt}`)).length;
      items.push({
        id: `attempt-${next.attempt}${again > 0 ? `-${again + 1}` : ''}`,
        kind: 'attempt',
        attempt: next,
      });
      failed.shift();
    }
  };
  trace.steps.forEach((step, index) => {
    const number = index + 1;
    failedBefore(step.attempt);
    items.push({ id: `step-${number}`, kind: 'step', number, step });
    step.tool_calls.forEach((call, at) => {
      items.push({ id: `tool-${number}-${at + 1}`, kind: 'tool', step: number, call });
    });
  });
  failedBefore(Number.POSITIVE_INFINITY);
  if (trace.result) items.push({ id: 'result', kind: 'result' });
  for (const delivery of deliveries) items.push({ id: delivery.id, kind: 'callback', delivery });
  return items;
}

export const itemOf = (items: readonly Item[], id: string | undefined): Item | undefined =>
  items.find((item) => item.id === id);
export const resultOf = (items: readonly Item[]): Item | undefined =>
  items.find(({ kind }) => kind === 'result');

/**
 * The item to show beside the timeline. By default the result, or the latest item that is finished and will
 * not grow.
 */
export const chosenItem = (items: readonly Item[], id: string | undefined): Item | undefined =>
  itemOf(items, id) ??
  resultOf(items) ??
  items.findLast((item) => (item.kind === 'tool' ? item.call.finished : item.kind !== 'callback'));
