import { Anchor, Button, Code, Stack } from '@mantine/core';
import { IconFilterOff, IconListDetails } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../components/empty-state.js';
import { isFiltered, type RunFilters } from './run-filters.js';

/** Shown instead of an empty list: what to do. */
export function NoRuns({ filters }: { filters: RunFilters }) {
  if (isFiltered(filters)) {
    return (
      <EmptyState
        Icon={IconFilterOff}
        title="No run matches these filters"
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/runs" search={{}} {...props} />}>
            Clear filters
          </Button>
        }
      >
        {filters.text === undefined && 'A matching run appears here by itself. '}
        Words are looked for in payloads, answers and errors, task ids by their first characters, idempotency
        keys only in full.
      </EmptyState>
    );
  }
  return (
    <EmptyState Icon={IconListDetails} title="Nothing has run yet">
      <Stack gap="sm" align="center">
        <span>
          Open one of your{' '}
          <Anchor inherit underline="always" renderRoot={(props) => <Link to="/agents" {...props} />}>
            agents
          </Anchor>
          , generate its webhook and post JSON to it. The run appears here at once.
        </span>
        <Code block ta="left" maw="100%">
          {
            'curl -X POST "$WEBHOOK_URL" \\\n  -H "Content-Type: application/json" \\\n  -d \'{"text": "hello"}\''
          }
        </Code>
      </Stack>
    </EmptyState>
  );
}
