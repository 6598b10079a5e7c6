import {
  IconAlertTriangle,
  IconArrowForwardUp,
  IconCheck,
  IconCircleDashed,
  IconFileImport,
  IconHandStop,
  IconMessage2,
  IconPlayerPlay,
  IconQuestionMark,
  IconRobot,
  IconSend,
  IconX,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { formatCount, formatDuration } from '../../../components/format.js';
import { OutsideText } from '../../../components/outside-text.js';
import type { Item } from './items.js';
import classes from './timeline.module.css';
import { callState, type Delivery, errorOf, type Step, type Trace } from './trace.js';

interface Look {
  Icon: TablerIcon;
  tone?: 'ok' | 'bad';
  label: string;
  /** The end of the line: outcome and duration. */
  note?: string;
}

/** A line of the timeline. */
export function ItemLine({ item, trace }: { item: Item; trace: Trace }) {
  const { Icon, tone, label, note } = lookOf(item, trace);
  return (
    <>
      <Icon size={16} className={tone ? `${classes.icon} ${classes[tone]}` : classes.icon} aria-hidden />
      <span className={classes.words}>
        <span className={classes.label}>
          <OutsideText text={label} />
        </span>
        <span className={classes.note}>{note}</span>
      </span>
    </>
  );
}

function lookOf(item: Item, trace: Trace): Look {
  switch (item.kind) {
    case 'input':
      return { Icon: IconFileImport, label: 'Payload and headers' };
    case 'prompt':
      return { Icon: IconMessage2, label: 'Prompt' };
    case 'step': {
      const { latency_ms, input_tokens, output_tokens } = item.step;
      return {
        Icon: IconRobot,
        label: `Step ${item.number}: ${stepWords(item.step)}`,
        note: `${formatCount(input_tokens + output_tokens, 'token')} · ${formatDuration(latency_ms)}`,
      };
    }
    case 'tool':
      return { ...CALLS[callState(item.call, trace)], ...toolWords(item, trace) };
    case 'attempt':
      return {
        Icon: IconAlertTriangle,
        tone: 'bad',
        label: `Attempt ${item.attempt.attempt} failed`,
        note: item.attempt.code,
      };
    case 'result':
      return trace.status === 'SUCCESS'
        ? { Icon: IconCheck, tone: 'ok', label: 'Result', note: 'SUCCESS' }
        : { Icon: IconX, tone: 'bad', label: 'Result', note: errorOf(trace)?.code ?? 'FAILURE' };
    case 'callback':
      return {
        ...DELIVERIES[item.delivery.status],
        label: wordOf(item.delivery),
        note: noteOf(item.delivery),
      };
  }
}

/** How a model's turn without a tool call ended, in the providers' terms. */
const ENDS: Record<string, string> = {
  stop: 'answer',
  length: 'answer cut short',
  'content-filter': 'refused',
  error: 'failed',
};

function stepWords({ tool_calls, finish_reason }: Step): string {
  if (tool_calls.length > 0)
    return tool_calls.length === 1 ? '1 tool call' : `${tool_calls.length} tool calls`;
  return ENDS[finish_reason] ?? finish_reason;
}

function toolWords(item: Extract<Item, { kind: 'tool' }>, trace: Trace) {
  const state = callState(item.call, trace);
  const took = item.call.finished ? ` · ${formatDuration(item.call.duration_ms)}` : '';
  return { label: item.call.name, note: `${state}${took}` };
}

const CALLS = {
  'waits for a decision': { Icon: IconHandStop },
  'not begun': { Icon: IconCircleDashed },
  running: { Icon: IconPlayerPlay },
  ok: { Icon: IconCheck, tone: 'ok' },
  failed: { Icon: IconX, tone: 'bad' },
  denied: { Icon: IconX, tone: 'bad' },
  'not made': { Icon: IconX, tone: 'bad' },
  'outcome unknown': { Icon: IconQuestionMark, tone: 'bad' },
} as const;

const DELIVERIES = {
  pending: { Icon: IconSend },
  delivered: { Icon: IconCheck, tone: 'ok' },
  failed: { Icon: IconX, tone: 'bad' },
  skipped: { Icon: IconArrowForwardUp },
} as const;

const wordOf = ({ destination }: Delivery): string => (destination ? `To ${destination.name}` : 'Callback');

function noteOf({ status, attempts }: Delivery): string {
  const answer = attempts.at(-1)?.response_status;
  return answer == null ? status : `${status} · ${answer}`;
}
