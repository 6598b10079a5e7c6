import { useMemo } from 'react';
import { TextView } from './text-view.js';

interface JsonViewProps {
  value: unknown;
  /** Said to screen readers and on the button that copies. */
  what: string;
  /** In CSS pixels; what is longer scrolls. */
  maxHeight?: number;
}

/** Any JSON value, or text, to read and to copy. */
export function JsonView({ value, what, maxHeight }: JsonViewProps) {
  const text = useMemo(
    () => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')),
    [value],
  );
  return <TextView text={text} what={what} isCode {...(maxHeight !== undefined && { maxHeight })} />;
}
