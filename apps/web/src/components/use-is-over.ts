import { type RefCallback, useCallback, useState } from 'react';

/**
 * Whether a pointer is over an element. React's own events do not work here: they count what an element has
 * opened elsewhere on the page as part of it, and miss that the pointer left an element that was removed
 * under it.
 *
 * @returns the state and the ref for the element
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
