/**
 * Asks once per key and turn of the event loop: all who ask in the same turn share the answer, or the error.
 * They would have read the same, because the commands of a turn are sent together.
 */
export function oncePerTurn<Answer>(ask: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (key) => {
    const shared = asked.get(key);
    if (shared) return shared;
    if (asked.size === 0) setImmediate(() => asked.clear());
    const answer = ask(key);
    asked.set(key, answer);
    return answer;
  };
}
