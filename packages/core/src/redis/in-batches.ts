/** Limits for one batch. Redis does nothing else while it handles one. */
interface Bounds<Item> {
  items: number;
  /** Maximum sum of `weigh`. A single item may exceed it. */
  weight?: number;
  weigh?: (item: Item) => number;
}

/** The answer for one item; an Error rejects the question about this item alone. */
export type BatchAnswer<Answer> = Answer | Error;

/**
 * Turns a question about many items into a question about one. All questions in one turn of the event loop
 * share a batch. It uses no timer, so a single question is not delayed. Under load it saves most of a
 * command's overhead, on our side and on Redis's.
 *
 * @param askAll answers in the order of the items; if it throws, all callers of the batch get the error
 */
export function inBatches<Item, Answer>(
  askAll: (items: Item[]) => Promise<BatchAnswer<Answer>[]>,
  bounds: Bounds<Item>,
): (item: Item) => Promise<Answer> {
  const { weigh = () => 0, weight: heaviest = 0 } = bounds;
  let items: Item[] = [];
  let askers: { resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  let weight = 0;
  let waits = false;

  const send = (): void => {
    const [asked, waiting] = [items, askers];
    if (asked.length === 0) return;
    [items, askers, weight] = [[], [], 0];
    askAll(asked).then(
      (answers) => {
        for (let n = 0; n < waiting.length; n++) {
          const answer = answers[n] as BatchAnswer<Answer>;
          if (answer instanceof Error) waiting[n]?.reject(answer);
          else waiting[n]?.resolve(answer);
        }
      },
      (error) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  };
  const sendLater = (): void => {
    waits = false;
    send();
  };
  return (item) =>
    new Promise((resolve, reject) => {
      const more = weigh(item);
      if (items.length >= bounds.items || weight + more > heaviest) send();
      items.push(item);
      askers.push({ resolve, reject });
      weight += more;
      if (waits) return;
      waits = true;
      setImmediate(sendLater);
    });
}
