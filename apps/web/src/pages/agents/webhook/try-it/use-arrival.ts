import { type RefObject, useEffect, useRef } from 'react';

/** Scrolls to an element and gives it the focus when the page opens, if the user came for it. */
export function useArrival(isWanted: boolean): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isWanted) return;
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'start' });
  }, [isWanted]);
  return box;
}
