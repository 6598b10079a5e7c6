import { Button, Group } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ErrorState } from '../components/error-state.js';

/** A chunk of an older build is gone once the api serves a newer one: only loading the page anew helps. */
const isOldBuild = (error: unknown) =>
  error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);

/** Stands in for a page that threw; the rest of the Studio goes on. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    if (isOldBuild(error)) return location.reload();
    reset();
    void router.invalidate();
  };
  return (
    <ErrorState
      error={isOldBuild(error) ? new Error('The Studio was updated meanwhile. Load it anew.') : error}
      action={
        <Group>
          <Button variant="default" onClick={again}>
            {isOldBuild(error) ? 'Reload' : 'Try again'}
          </Button>
        </Group>
      }
    />
  );
}
