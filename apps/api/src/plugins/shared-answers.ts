import { pascal } from './shape-titles.js';

interface Operation {
  responses: Record<string, unknown>;
}
type Answers = Record<string, unknown>;

const POINTER = '#/components/responses/';

/** The error codes that an answer has examples of. */
function codesOf(answer: unknown): string[] {
  const { content = {} } = answer as { content?: Record<string, { examples?: object }> };
  return Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples));
}

/**
 * Defines each error answer that several operations give once, and lets them refer to it. Its name is that of
 * its codes; one with the same codes but other examples or headers gets a number.
 *
 * @returns the answers by name, for `components.responses`
 */
export function shareAnswers(operations: readonly Operation[]): Answers {
  const places = new Map<string, { operation: Operation; status: string }[]>();
  for (const operation of operations)
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (!/^[45]/.test(status) || codesOf(answer).length === 0) continue;
      const text = JSON.stringify(answer);
      const same = places.get(text) ?? [];
      places.set(text, [...same, { operation, status }]);
    }
  const shared: Answers = {};
  for (const [text, users] of places) {
    if (users.length === 1) continue;
    const answer: unknown = JSON.parse(text);
    const base = codesOf(answer).map(pascal).join('Or');
    let name = base;
    for (let n = 2; name in shared; n++) name = `${base}${n}`;
    shared[name] = answer;
    for (const { operation, status } of users) operation.responses[status] = { $ref: POINTER + name };
  }
  return shared;
}
