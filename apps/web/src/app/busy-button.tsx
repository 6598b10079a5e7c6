import type { ComponentPropsWithRef } from 'react';

type RootProps = ComponentPropsWithRef<'button'> & { 'data-loading'?: boolean; 'data-disabled'?: boolean };

/**
 * Draws Mantine's buttons so that one that waits for an answer does nothing, and keeps the focus: Mantine disables it,
 * which sends the keyboard back to the top of the page.
 */
export function renderButton(props: RootProps) {
  const isBusy = Boolean(props['data-loading']) && !props['data-disabled'];
  if (!isBusy) return <button {...props} />;
  return <button {...props} disabled={false} aria-disabled onClick={(event) => event.preventDefault()} />;
}
