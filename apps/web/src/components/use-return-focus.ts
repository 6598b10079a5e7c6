import { useEffect, useState } from 'react';

/** Gives the focus back to what had it, once a dialog that is in the page only while it is open is gone. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
}
