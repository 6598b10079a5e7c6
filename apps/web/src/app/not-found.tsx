import { Button } from '@mantine/core';
import { IconError404 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state.js';
import { Page } from '../components/page.js';

export function NotFound() {
  return (
    <Page title="Page not found">
      <EmptyState
        Icon={IconError404}
        title="No page exists at this address"
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
            Go to the overview
          </Button>
        }
      >
        The agent or run may have been deleted, or the address is mistyped.
      </EmptyState>
    </Page>
  );
}
