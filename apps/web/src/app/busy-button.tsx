import type { ComponentPropsWithRef, MouseEvent } from 'react';

type RootProps = ComponentPropsWithRef<'button'> & { 'data-loading'?: boolean; 'data-disabled'?: boolean };

/**
 * Draws Mantine's buttons so that the second click of a double click does nothing: it would act twice where the first one's
 * answer is there already. One that waits for an answer does nothing either, and keeps the focus: Mantine disables it,
 * which sends the keyboard back to the top of the page.
 */
export function renderButton({ onClick, ...props }: RootProps) {
  const isBusy = Boolean(props['data-loading']) && !props['data-disabled'];
  const act = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy || event.detail > 1) event.preventDefault();
    else onClick?.(event);
  };
  return <button {...props} {...(isBusy && { disabled: false, 'aria-disabled': true })} onClick={act} />;
}
