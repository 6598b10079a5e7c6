import { Anchor, List, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { readinessQuery } from '../../api/readiness.js';
import { ErrorState } from '../../components/error-state.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';

/** What is said of `seals_at_rest`. Without details, and by an older api, it is missing. */
const SEALING = new Map<boolean | undefined, string>([
  [true, 'sealed'],
  [false, 'not sealed (SEAL_AT_REST)'],
]);

/** The readiness check, and where programs can read it. */
export function SystemPanel() {
  const { data, error } = useQuery(readinessQuery);
  return (
    <Panel title="System">
      {error && !data && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={120} />}
      {data && (
        <Facts
          items={[
            ['Tasks run', data.ready ? 'yes' : 'no'],
            ['Redis', data.redis ? 'answers' : 'does not answer'],
            ['Workers alive', data.workers],
            ['New texts at rest', SEALING.get(data.seals_at_rest) ?? 'not known'],
            ['Address', location.origin],
            ['For programs', <Links key="links" />],
          ]}
        />
      )}
      {data && data.problems.length > 0 && (
        <List size="sm" mt="sm">
          {data.problems.map((problem) => (
            <List.Item key={problem}>{problem}</List.Item>
          ))}
        </List>
      )}
    </Panel>
  );
}

function Links() {
  return ['/readyz', '/openapi.json'].map((path) => (
    <Anchor key={path} href={path} ml="sm" inherit underline="always">
      {path}
    </Anchor>
  ));
}
