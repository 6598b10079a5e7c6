import { Alert, Anchor, Group, Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { api } from '../../../api/client.js';
import { explain } from '../../../api/problem.js';
import { formatNumber } from '../../../components/format.js';
import { Page } from '../../../components/page.js';
import { useAgentNames } from '../../../components/use-agent-names.js';
import type { Trace } from '../detail/trace.js';
import { shortId } from '../run-names.js';
import classes from './compare.module.css';
import { factsOf, MOST, textsOf } from './compared.js';

const TextDiff = lazy(() => import('../../agents/editor/history/text-diff.js'));
const route = getRouteApi('/shell/compare');
const TASK_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Two runs side by side, with what differs marked. */
export function ComparePage() {
  const { a, b } = route.useSearch();
  const [left, right] = [useTrace(a), useTrace(b)];
  return (
    <Page title="Compare runs">
      <Group grow align="start">
        <RunField name="a" label="First run" value={a} error={left.error} />
        <RunField name="b" label="Second run" value={b} error={right.error} />
      </Group>
      {left.trace && right.trace ? (
        <Comparison left={left.trace} right={right.trace} />
      ) : left.isLoading || right.isLoading ? (
        <Skeleton h={320} aria-busy="true" />
      ) : (
        <Alert color="gray">Enter the ids of two runs, or open this page from a run.</Alert>
      )}
    </Page>
  );
}

function useTrace(id: string | undefined) {
  const { data, error, isLoading } = api.useQuery(
    'get',
    '/api/tasks/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== undefined },
  );
  return { trace: data as Trace | undefined, error, isLoading };
}

interface RunFieldProps {
  name: 'a' | 'b';
  label: string;
  value: string | undefined;
  error: unknown;
}

/** The id of a run to compare. */
function RunField({ name, label, value = '', error }: RunFieldProps) {
  const navigate = route.useNavigate();
  return (
    <TextInput
      key={value}
      label={label}
      placeholder="Task id"
      defaultValue={value}
      maxLength={36}
      error={error == null ? undefined : explain(error).title}
      onChange={({ currentTarget }) => {
        const id = currentTarget.value.trim().toLowerCase();
        if (TASK_ID.test(id))
          void navigate({ search: (before) => ({ ...before, [name]: id }), replace: true });
      }}
    />
  );
}

function Comparison({ left, right }: { left: Trace; right: Trace }) {
  const agents = useAgentNames();
  const [before, after] = [factsOf(left, agents), factsOf(right, agents)];
  const differing = Object.keys(before).filter((name) => before[name] !== after[name]);
  return (
    <Stack>
      <Paper p={0}>
        <Table className={classes.facts} layout="fixed">
          <Table.Caption className={classes.caption}>
            {differing.length === 0 ? 'These facts are the same.' : `Differ: ${differing.join(', ')}.`}
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes.fact}>Fact</Table.Th>
              {(
                [
                  ['a', left],
                  ['b', right],
                ] as const
              ).map(([side, { task_id }]) => (
                <Table.Th key={side}>
                  <Anchor
                    inherit
                    ff="monospace"
                    renderRoot={(props) => (
                      <Link to="/runs/$taskId" params={{ taskId: task_id }} {...props} />
                    )}
                  >
                    {shortId(task_id)}
                  </Anchor>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Object.keys(before).map((name) => (
              <Table.Tr key={name} data-differs={before[name] !== after[name] || undefined}>
                <Table.Th scope="row" fw={500}>
                  {name}
                </Table.Th>
                <Table.Td>{before[name]}</Table.Td>
                <Table.Td>{after[name]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      {textsOf(left, right).map(({ name, isSame, isCut, texts: [one, other] }) => (
        <Paper key={name} component="section" aria-label={name}>
          <Title order={2} size="sm" mb="xs">
            {name}
          </Title>
          {isSame ? (
            <Text size="sm" c="dimmed">
              {one === '' ? 'Neither has one.' : 'The same in both.'}
            </Text>
          ) : (
            <>
              {isCut && (
                <Text size="xs" c="dimmed" mb={4}>
                  They differ. Only their first {formatNumber(MOST)} characters are compared here.
                </Text>
              )}
              <Suspense fallback={<Skeleton h={72} />}>
                <TextDiff before={one} after={other} label={`Differences of ${name}`} />
              </Suspense>
            </>
          )}
        </Paper>
      ))}
    </Stack>
  );
}
