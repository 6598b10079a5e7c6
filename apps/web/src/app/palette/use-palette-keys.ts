import { useWindowEvent } from '@mantine/hooks';

/** What the keys of the whole Studio open. */
export type Opened = 'palette' | 'shortcuts';

/**
 * Ctrl-K or ⌘K opens the palette, `?` the list of shortcuts. `/` goes to the page's search field or, on a
 * page without one, to the palette. Which keys type a character does not matter, since layouts differ.
 */
export function usePaletteKeys(open: (what: Opened) => void): void {
  useWindowEvent('keydown', (event) => {
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open('palette');
      return;
    }
    if (isCommand || event.altKey || isTyping(event.target) || document.querySelector('[role=dialog]'))
      return;
    if (event.key === '?') open('shortcuts');
    if (event.key !== '/') return;
    event.preventDefault();
    const search = document.querySelector<HTMLInputElement>('main [data-search]');
    if (search) search.focus();
    else open('palette');
  });
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
