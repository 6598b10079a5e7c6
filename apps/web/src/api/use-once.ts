import { useRef } from 'react';
import { MAKERS } from '../components/make-secret.js';

interface Once {
  'Idempotency-Key': string;
}

/**
 * Sends what a person means once with one key until it is answered, so that a double click, or a second try
 * after a lost answer, does it once. `meant` tells what is meant; something else gets another key.
 */
export function useOnce() {
  const unanswered = useRef<{ text: string; key: string }>(undefined);
  return async <T>(meant: unknown, send: (header: Once) => Promise<T>): Promise<T> => {
    const text = JSON.stringify(meant);
    if (unanswered.current?.text !== text) unanswered.current = { text, key: MAKERS.hex() };
    const { current } = unanswered;
    const answer = await send({ 'Idempotency-Key': current.key });
    if (unanswered.current === current) unanswered.current = undefined;
    return answer;
  };
}
