import { useMemo } from 'react';
import { TextView } from './text-view.js';

interface JsonViewProps {
  value: unknown;
  /** Announced to screen readers and used as the label of the copy button. */
  what: string;
  /** In CSS pixels. Longer content scrolls. */
  maxHeight?: number;
}

/** Shows any JSON value or text, to read and copy. */
export function JsonView({ value, what, maxHeight }: JsonViewProps) {
  const text = useMemo(
    () => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')),
    [value],
  );
  return <TextView text={text} what={what} isCode {...(maxHeight !== undefined && { maxHeight })} />;
}
