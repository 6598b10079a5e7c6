import { type RefCallback, useCallback, useState } from 'react';

/**
 * Whether a pointer is over an element. Not React's own events: those count what an element has opened elsewhere on the
 * page as a part of it, and miss that the pointer has left what was removed under it.
 *
 * @returns with the ref for the element
 */
export function useIsOver(): { isOver: boolean; ref: RefCallback<HTMLElement> } {
  const [isOver, setOver] = useState(false);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const enter = () => setOver(true);
    const leave = () => setOver(false);
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointerenter', enter);
      element.removeEventListener('pointerleave', leave);
      leave();
    };
  }, []);
  return { isOver, ref };
}
