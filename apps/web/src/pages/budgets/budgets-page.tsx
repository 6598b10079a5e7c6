import { Skeleton, Stack } from '@mantine/core';
import { api } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { AgentBudgets } from './agent-budgets.js';
import { InstallationBudget } from './installation-budget.js';

/** How often what is spent is read again, in ms. */
const READ_MS = 10_000;

/** What may be spent, and what is spent of it: by the installation and by each agent with a budget. */
export function BudgetsPage() {
  const { data, error } = api.useQuery('get', '/api/budget', {}, { refetchInterval: READ_MS });
  return (
    <Page title="Budgets">
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={200} />}
      <Stack>
        {data && <InstallationBudget state={data} />}
        <AgentBudgets readMs={READ_MS} />
      </Stack>
    </Page>
  );
}
