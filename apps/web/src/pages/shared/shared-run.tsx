import { List, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../../api/client.js';
import { FactGrid } from '../../components/fact-grid.js';
import { formatDuration, NO_VALUE } from '../../components/format.js';
import { JsonView } from '../../components/json-view.js';
import { OutsideText } from '../../components/outside-text.js';
import { StatusBadge } from '../../components/status-badge.js';
import { TextForms } from '../../components/text-forms.js';
import { TextView } from '../../components/text-view.js';
import { Elapsed, RelativeTime } from '../../components/times.js';

type Shared = Schema<'SharedRun'>;

/** One run: its state, and what came in, what it did and what came out, as far as that is shared. */
export function SharedRun({ run: { shows, agent_name, state, trace, expires_at } }: { run: Shared }) {
  return (
    <>
      <Stack gap={4}>
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          <OutsideText text={agent_name ?? 'A run'} />
        </Title>
        <Text size="sm" c="dimmed">
          Shared until <RelativeTime at={expires_at} />.
        </Text>
      </Stack>
      <Paper component="section" aria-label="State">
        <FactGrid
          facts={{
            Status: <StatusBadge status={state.status} />,
            Created: <RelativeTime at={state.created_at} />,
            Started: <RelativeTime at={state.started_at} />,
            Ended: <RelativeTime at={state.finished_at} />,
            Took:
              state.started_at === null ? (
                NO_VALUE
              ) : (
                <Elapsed from={state.started_at} to={state.finished_at} />
              ),
          }}
        />
      </Paper>
      {shows !== 'status' && (
        <Part title="Answer">
          <Answer result={state.result} isOver={state.finished_at !== null} />
        </Part>
      )}
      {trace && (
        <>
          <Part title="What came in">
            <JsonView value={trace.payload} what="Payload" />
          </Part>
          {trace.steps.length > 0 && (
            <Part title="What it did">
              <Steps steps={trace.steps} />
            </Part>
          )}
          {trace.prompt && (
            <Part title="Prompt">
              <Stack gap="xs">
                <TextView text={trace.prompt.system} what="System prompt" isCode maxHeight={240} />
                <TextView text={trace.prompt.user} what="User prompt" isCode maxHeight={240} />
              </Stack>
            </Part>
          )}
        </>
      )}
    </>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Paper component="section" aria-label={title}>
    <Title order={2} mb="xs">
      {title}
    </Title>
    {children}
  </Paper>
);

function Answer({ result, isOver }: { result: Shared['state']['result']; isOver: boolean }) {
  if (result === null)
    return <Text size="sm">{isOver ? 'There is none.' : 'The run has not ended yet.'}</Text>;
  if (typeof result === 'string') return <TextForms text={result} what="Answer" />;
  const error = 'error' in result ? result.error : undefined;
  const answer = 'answer' in result ? result.answer : undefined;
  return (
    <Stack gap="xs">
      {typeof error === 'object' && (
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          <OutsideText text={`${error.code}: ${error.message}`} />
        </Text>
      )}
      {typeof answer === 'string' && answer !== '' && <TextForms text={answer} what="Answer" />}
      {'output' in result && result.output !== undefined && <JsonView value={result.output} what="Output" />}
    </Stack>
  );
}

const Steps = ({ steps }: { steps: NonNullable<Shared['trace']>['steps'] }) => (
  <List
    type="ordered"
    spacing="sm"
    size="sm"
    styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}
  >
    {steps.map((step, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
      <List.Item key={index}>
        <Text size="sm" c="dimmed">
          {step.model}, {formatDuration(step.latency_ms)}
        </Text>
        {step.text !== '' && <TextView text={step.text} what={`Text of step ${index + 1}`} maxHeight={240} />}
        {step.tool_calls.map((call, nth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: calls have no other name
          <div key={nth}>
            <Text size="sm" fw={500} mt={4}>
              <OutsideText text={call.name} />
            </Text>
            <JsonView value={call.arguments} what={`Arguments of ${call.name}`} maxHeight={160} />
            <JsonView value={call.error ?? call.result} what={`Result of ${call.name}`} maxHeight={200} />
          </div>
        ))}
      </List.Item>
    ))}
  </List>
);
