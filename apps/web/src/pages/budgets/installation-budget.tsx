import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../api/client.js';
import { useSession } from '../../app/session.js';
import { type Budget, BudgetInputs, NEW_BUDGET } from '../../components/budget-inputs.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { LimitBars } from './limit-bars.js';

/** The budget of all agents together, with what is spent of it, and a form to change it. */
export function InstallationBudget({ state }: { state: Schema<'BudgetState'> }) {
  const { can } = useSession();
  const queryClient = useQueryClient();
  const [edited, setEdited] = useState<Budget>();
  const save = api.useMutation('put', '/api/budget', {
    meta: { quiet: true },
    onSuccess: () => {
      setEdited(undefined);
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/budget'] });
    },
  });
  const { budget } = state;
  return (
    <Panel
      title="All agents together"
      description="Days and months are those of UTC. Each turn of a model is reserved before it is asked for."
      actions={
        can('admin') &&
        !edited && (
          <Button size="compact-sm" variant="light" onClick={() => setEdited(budget ?? NEW_BUDGET)}>
            {budget ? 'Change' : 'Set a budget'}
          </Button>
        )
      }
    >
      <Stack>
        {!budget && !edited && (
          <Text size="sm" c="dimmed">
            The installation has no budget.
          </Text>
        )}
        <LimitBars {...state} />
        {edited && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate({ body: { budget: edited } });
            }}
          >
            <Stack gap="sm">
              <BudgetInputs value={edited} onChange={setEdited} />
              {save.error && <ErrorState error={save.error} />}
              <Group justify="flex-end">
                {budget && (
                  <Button
                    variant="subtle"
                    color="red"
                    onClick={() => save.mutate({ body: { budget: null } })}
                  >
                    Remove
                  </Button>
                )}
                <Button
                  variant="default"
                  onClick={() => {
                    setEdited(undefined);
                    save.reset();
                  }}
                >
                  Cancel
                </Button>
                <Button type="submit" loading={save.isPending}>
                  Save
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        {save.data && save.data.warnings.length > 0 && (
          <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="Not everything has a price">
            <List size="sm">
              {save.data.warnings.map(({ model, detail }) => (
                <List.Item key={model}>{detail}</List.Item>
              ))}
            </List>
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}
