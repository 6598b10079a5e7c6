import { Alert, Anchor, Code, List } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFlask } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '../../api/client.js';
import type { Readiness } from '../../api/readiness.js';
import { OneOfTexts } from '../../components/one-of-texts.js';

const TITLES = {
  mended: 'Fixed',
  ready: 'Works, but needs attention',
  wasReady: 'Needs attention',
  stopped: 'Tasks do not run',
};

interface WarningsProps {
  readiness: Readiness | undefined;
  models: Schema<'ModelList'> | undefined;
}

/**
 * Problems that keep tasks from running or may lose them, and a missing model provider, as they were when the
 * page was opened. A problem that is fixed is marked in place; a new one appears in the header. Neither moves
 * anything.
 */
export function Warnings({ readiness, models }: WarningsProps) {
  const [atFirst] = useState(() => ({ ...readiness, isSandbox: usesSandbox(readiness, models) }));
  return (
    <>
      <Problems atFirst={atFirst.problems ?? []} wasReady={atFirst.ready ?? true} now={readiness} />
      {atFirst.isSandbox && <SandboxInUse />}
    </>
  );
}

/** Only a live worker knows which providers are configured. */
const usesSandbox = (readiness: WarningsProps['readiness'], models: WarningsProps['models']): boolean =>
  readiness?.workers !== 0 &&
  models !== undefined &&
  !models.providers.some(({ provider, configured }) => configured && provider !== 'sandbox');

interface ProblemsProps {
  atFirst: readonly string[];
  wasReady: boolean;
  now: WarningsProps['readiness'];
}

function Problems({ atFirst, wasReady, now }: ProblemsProps) {
  if (atFirst.length === 0) return null;
  const isLeft = (problem: string) => now?.problems.includes(problem) ?? true;
  if (!atFirst.some(isLeft)) {
    return (
      <Alert color="green" role="status" icon={<IconCircleCheck aria-hidden />} title={titleOf('mended')}>
        <ProblemList problems={atFirst} isLeft={isLeft} />
      </Alert>
    );
  }
  const isReady = now?.ready ?? wasReady;
  return (
    <Alert
      color={isReady || wasReady ? 'yellow' : 'red'}
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={titleOf(isReady ? 'ready' : wasReady ? 'wasReady' : 'stopped')}
    >
      <ProblemList problems={atFirst} isLeft={isLeft} />
    </Alert>
  );
}

const titleOf = (state: keyof typeof TITLES) => (
  <OneOfTexts shown={TITLES[state]} texts={Object.values(TITLES)} />
);

interface ProblemListProps {
  problems: readonly string[];
  isLeft: (problem: string) => boolean;
}

const ProblemList = ({ problems, isLeft }: ProblemListProps) => (
  <List size="sm" listStyleType={problems.length === 1 ? 'none' : undefined}>
    {problems.map((problem) => (
      <List.Item key={problem} td={isLeft(problem) ? undefined : 'line-through'}>
        {problem}
      </List.Item>
    ))}
  </List>
);

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
