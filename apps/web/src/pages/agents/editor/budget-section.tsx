import { Anchor, Stack, Switch, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { BudgetInputs, NEW_BUDGET } from '../../../components/budget-inputs.js';
import { Panel } from '../../../components/panel.js';
import { useDraft } from './draft/use-draft.js';

/** What the agent's runs may cost in a day and in a month. */
export function BudgetSection() {
  const { values, readOnly, set, errorAt } = useDraft();
  const budget = values.budget ?? null;
  return (
    <Panel
      title="Budget"
      description={
        <>
          For all runs of a day or a month (UTC) together.{' '}
          <Anchor renderRoot={(props) => <Link to="/budgets" {...props} />} size="sm" underline="always">
            What is spent
          </Anchor>
        </>
      }
    >
      <Stack gap="sm">
        <Switch
          label="Limit what the agent spends"
          checked={budget !== null}
          disabled={readOnly}
          onChange={({ currentTarget }) => set('budget', currentTarget.checked ? NEW_BUDGET : null)}
        />
        {budget && (
          <BudgetInputs
            value={budget}
            readOnly={readOnly}
            errorOf={(field) => errorAt(`/budget/${field}`)}
            onChange={(next, changed) => set('budget', next, `/budget/${changed}`)}
          />
        )}
        {errorAt('/budget') && (
          <Text size="sm" c="red">
            {errorAt('/budget')}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
