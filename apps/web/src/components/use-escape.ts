import { useWindowEvent } from '@mantine/hooks';

/**
 * Escape, where it is for the page: menus, lists and dialogs close with it, and fields have uses of their own. Asked before
 * those hear of it: afterwards they may be gone already, at once where motion is reduced.
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
