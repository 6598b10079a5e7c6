import { Alert, Button, Grid, Paper, Skeleton, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFileUnknown } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isProblem } from '../../../api/problem.js';
import { EmptyState } from '../../../components/empty-state.js';
import { ErrorState } from '../../../components/error-state.js';
import { Page } from '../../../components/page.js';
import { shortId } from '../run-names.js';
import { ItemPanel } from './item-panel.js';
import { chosenItem, itemOf, itemsOf, resultOf } from './items.js';
import { PendingDecisions } from './pending-decisions.js';
import { RunActions } from './run-actions.js';
import { RunFacts } from './run-facts.js';
import { RunHeading } from './run-heading.js';
import { FilterError, KeyError, RunFailure, RunNotes } from './run-notices.js';
import { TimeBar } from './time-bar.js';
import { Timeline } from './timeline.js';
import type { Trace } from './trace.js';
import { useDeliveries } from './use-deliveries.js';
import { useRun } from './use-run.js';

const route = getRouteApi('/shell/runs/$taskId');

/** One run: what came in, what it did, what came out, and where the time went. */
export function RunPage() {
  const { taskId } = route.useParams();
  const { trace, error } = useRun(taskId);
  return (
    <Page
      title={`Run ${shortId(taskId)}`}
      heading={<RunHeading taskId={taskId} trace={trace} />}
      actions={trace && <RunActions key={taskId} trace={trace} />}
    >
      {trace ? (
        <Run key={taskId} trace={trace} />
      ) : error ? (
        <NoRun error={error} taskId={taskId} />
      ) : (
        <RunSkeleton />
      )}
    </Page>
  );
}

function Run({ trace }: { trace: Trace }) {
  const { item: id } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (next: string) =>
    void navigate({ search: (before) => ({ ...before, item: next }), replace: true });
  const items = itemsOf(trace, useDeliveries(trace));
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  // In a single column, a part that opens by itself would push the others away. Only the last one may.
  const item = isWide ? chosenItem(items, id) : (itemOf(items, id) ?? resultOf(items));
  const panel = item && <ItemPanel key={item.id} item={item} trace={trace} />;
  return (
    <Stack gap="md">
      <RunFacts trace={trace} />
      <RunFailure trace={trace} />
      <FilterError trace={trace} />
      <KeyError trace={trace} />
      <RunNotes trace={trace} />
      {trace.log_truncated && (
        <Alert color="gray">This run’s journal is very long. Only its first 4 MiB are shown here.</Alert>
      )}
      <PendingDecisions trace={trace} />
      <TimeBar trace={trace} onChoose={choose} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Timeline
            trace={trace}
            items={items}
            chosen={item?.id}
            onChoose={choose}
            inline={isWide ? undefined : panel}
          />
        </Grid.Col>
        {isWide && (
          <Grid.Col span={8}>
            <Paper component="section" aria-label="Details">
              {panel}
            </Paper>
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  );
}

function NoRun({ error, taskId }: { error: unknown; taskId: string }) {
  if (!isProblem(error) || error.code !== 'unknown_task') return <ErrorState error={error} />;
  return (
    <EmptyState
      Icon={IconFileUnknown}
      title="Run not found"
      action={
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/runs" search={{ q: taskId.slice(0, 256) }} {...props} />}
        >
          Look for it in the list
        </Button>
      }
    >
      It may have expired (runs are kept for RESULT_TTL_SECONDS, 7 days by default), belong to another
      installation, or have a mistyped id.
    </EmptyState>
  );
}

function RunSkeleton() {
  return (
    <Stack gap="md" aria-busy="true" aria-label="Loading the run">
      <Skeleton h={48} />
      <Skeleton h={84} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Skeleton h={320} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Skeleton h={320} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
