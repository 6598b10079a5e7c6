import { Button, Group } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ErrorState } from '../components/error-state.js';

/** Once the api serves a newer build, the older build's chunks are gone. Only a reload helps. */
const isOldBuild = (error: unknown) =>
  error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);

/** Replaces a page that threw. The rest of the Studio keeps working. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    if (isOldBuild(error)) return location.reload();
    reset();
    void router.invalidate();
  };
  return (
    <ErrorState
      error={isOldBuild(error) ? new Error('The Studio was updated. Reload the page.') : error}
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
