import type { ComponentPropsWithRef, MouseEvent } from 'react';

type RootProps = ComponentPropsWithRef<'button'> & { 'data-loading'?: boolean; 'data-disabled'?: boolean };

/**
 * Renders Mantine's buttons so that the second click of a double click does nothing; it would act again if
 * the first answer has already arrived. A loading button ignores clicks too and keeps the focus. Mantine
 * would disable it, which sends the keyboard focus to the top of the page.
 */
export function renderButton({ onClick, ...props }: RootProps) {
  const isBusy = Boolean(props['data-loading']) && !props['data-disabled'];
  const act = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy || event.detail > 1) event.preventDefault();
    else onClick?.(event);
  };
  return <button {...props} {...(isBusy && { disabled: false, 'aria-disabled': true })} onClick={act} />;
}
