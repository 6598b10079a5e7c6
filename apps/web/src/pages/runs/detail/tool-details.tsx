import { Text } from '@mantine/core';
import { FactGrid } from '../../../components/fact-grid.js';
import { formatDuration, formatNumber, NO_VALUE } from '../../../components/format.js';
import { JsonView } from '../../../components/json-view.js';
import { TextView } from '../../../components/text-view.js';
import { RelativeTime } from '../../../components/times.js';
import type { Item } from './items.js';
import { RunLink } from './run-link.js';
import { Section, Withheld } from './section.js';
import { type CallState, callState, type Trace } from './trace.js';

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
      <Section value="output" title={ENDED_BADLY.has(state) ? 'Error' : 'Output'}>
        <Output call={call} state={state} />
      </Section>
    </>
  );
}

type Call = Extract<Item, { kind: 'tool' }>['call'];

const ENDED_BADLY: ReadonlySet<CallState> = new Set(['failed', 'denied', 'not made']);

/** What is said instead of an output that is still to come. */
const TO_COME: Partial<Record<CallState, string>> = {
  running: 'It has not answered yet.',
  'not begun': 'It has not begun yet.',
  'waits for a decision': 'Nobody has decided or answered yet.',
};

function Output({ call, state }: { call: Call; state: CallState }) {
  const toCome = TO_COME[state];
  if (toCome !== undefined) return <Text size="sm">{toCome}</Text>;
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
