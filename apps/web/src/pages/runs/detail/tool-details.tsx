import { Text } from '@mantine/core';
import { FactGrid } from '../../../components/fact-grid.js';
import { formatDuration, formatNumber, NO_VALUE } from '../../../components/format.js';
import { JsonView } from '../../../components/json-view.js';
import { TextView } from '../../../components/text-view.js';
import { RelativeTime } from '../../../components/times.js';
import type { Item } from './items.js';
import { RunLink } from './run-link.js';
import { Section, Withheld } from './section.js';
import { callState, type Trace } from './trace.js';

/** A tool call: its arguments and its result. */
export function ToolDetails({
  item: { call, step },
  trace,
}: {
  item: Extract<Item, { kind: 'tool' }>;
  trace: Trace;
}) {
  const state = callState(call, trace);
  return (
    <>
      <Section value="facts" title={call.name}>
        <FactGrid
          facts={{
            Outcome: state,
            Took: call.finished ? formatDuration(call.duration_ms) : NO_VALUE,
            Began: <RelativeTime at={call.started_at} />,
            'Requested in': `step ${step}`,
            Run: call.child && <RunLink taskId={call.child.task_id} />,
          }}
        />
      </Section>
      <Section value="input" title="Input">
        {'arguments' in call ? <JsonView value={call.arguments} what="Arguments" /> : <Withheld />}
      </Section>
      <Section value="output" title={state === 'failed' || state === 'not made' ? 'Error' : 'Output'}>
        <Output call={call} isRunning={state === 'running'} />
      </Section>
    </>
  );
}

type Call = Extract<Item, { kind: 'tool' }>['call'];

function Output({ call, isRunning }: { call: Call; isRunning: boolean }) {
  if (isRunning) return <Text size="sm">It has not answered yet.</Text>;
  if (!('result' in call)) return <Withheld />;
  if (call.error !== null) return <TextView text={call.error} what="Error" isCode />;
  return (
    <>
      <JsonView value={call.result} what="Result" />
      {call.truncated_characters !== undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          The trace keeps only the beginning of its {formatNumber(call.truncated_characters)} characters; the
          model received all of them.
        </Text>
      )}
    </>
  );
}
