import { useEffect, useState } from 'react';
import { copyText } from './copy-text.js';

/** How long a button says what came of it, in milliseconds. */
const SHOWN_MS = 1500;

export type CopyOutcome = 'copied' | 'failed';

/** Copies a text, and tells for a moment whether the clipboard has it. */
export function useCopy(text: string): { outcome: CopyOutcome | undefined; copy: () => Promise<void> } {
  const [outcome, setOutcome] = useState<CopyOutcome>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => setOutcome((await copyText(text)) ? 'copied' : 'failed');
  return { outcome, copy };
}
