import { Alert, Anchor, Code, List } from '@mantine/core';
import { IconAlertTriangle, IconFlask } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Schema } from '../../api/client.js';
import { readinessQuery } from '../../api/readiness.js';

/** What keeps tasks from running, or may lose them; and that no model is configured yet. */
export function Warnings() {
  const { data: readiness } = useQuery(readinessQuery);
  const { data: models } = api.useQuery('get', '/api/models');
  const problems = readiness?.problems ?? [];
  return (
    <>
      {problems.length > 0 && (
        <Alert
          color={readiness?.ready ? 'yellow' : 'red'}
          role="alert"
          icon={<IconAlertTriangle aria-hidden />}
          title={readiness?.ready ? 'Works, but should be mended' : 'Tasks do not run'}
        >
          <List size="sm" listStyleType={problems.length === 1 ? 'none' : undefined}>
            {problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {readiness?.workers !== 0 && models && !hasProvider(models) && <SandboxInUse />}
    </>
  );
}

const hasProvider = ({ providers }: Schema<'ModelList'>): boolean =>
  providers.some(({ provider, configured }) => configured && provider !== 'sandbox');

function SandboxInUse() {
  return (
    <Alert
      variant="default"
      role="status"
      icon={<IconFlask aria-hidden />}
      title="No model provider is configured"
    >
      Agents can run on <Code>sandbox:echo</Code>, which calls no model and says so in its answers. The{' '}
      <Anchor renderRoot={(props) => <Link to="/settings" {...props} />} inherit underline="always">
        settings
      </Anchor>{' '}
      name the variables that configure each provider.
    </Alert>
  );
}
