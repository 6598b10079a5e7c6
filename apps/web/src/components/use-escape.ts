import { useWindowEvent } from '@mantine/hooks';

/**
 * Handles Escape for the page itself. Menus, lists and dialogs close with it, and fields use it too. The
 * check runs before they handle the key, because with reduced motion they disappear at once.
 */
export function useEscape(onEscape: () => void): void {
  useWindowEvent(
    'keydown',
    (event) => {
      if (event.key === 'Escape' && !isSomethingOpen() && !isField(event.target)) onEscape();
    },
    { capture: true },
  );
}

const isSomethingOpen = () => document.querySelector('[role=dialog], [role=menu], [role=listbox]') !== null;

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
