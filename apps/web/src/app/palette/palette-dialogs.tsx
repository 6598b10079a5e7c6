import { lazy, Suspense, useState } from 'react';
import { type Opened, usePaletteKeys } from './use-palette-keys.js';

const Palette = lazy(() => import('./palette.js'));
const Shortcuts = lazy(() => import('./shortcuts.js'));

/** What the keys of the whole Studio open. Loaded at the first use. */
export function PaletteDialogs() {
  const [opened, setOpened] = useState<Opened>();
  usePaletteKeys(setOpened);
  const close = () => setOpened(undefined);
  return (
    <Suspense fallback={null}>
      {opened === 'palette' && <Palette onClose={close} onShortcuts={() => setOpened('shortcuts')} />}
      {opened === 'shortcuts' && <Shortcuts onClose={close} />}
    </Suspense>
  );
}
